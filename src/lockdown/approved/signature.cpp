// SPDX-License-Identifier: Apache-2.0
#include "lockdown/approved/signature.h"

#include <cerrno>
#include <utility>

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/file.h"

namespace bansoko::approved {
namespace {

constexpr std::size_t kLargestPem = 4096;

struct Free {
  void operator()(EVP_PKEY* key) const noexcept { EVP_PKEY_free(key); }
  void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
  void operator()(BIO* bio) const noexcept { BIO_free(bio); }
};
using Key = std::unique_ptr<EVP_PKEY, Free>;
using Context = std::unique_ptr<EVP_MD_CTX, Free>;
using Bio = std::unique_ptr<BIO, Free>;

/// Nobody is asked for the password of a file that has one: it is refused.
int no_password(char* /*room*/, int /*size*/, int /*writing*/, void* /*unused*/) noexcept { return -1; }

Bio reader_of(std::string_view pem) { return Bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))); }

std::string text_of(BIO* bio) {
  char* text = nullptr;
  const long size = BIO_get_mem_data(bio, &text);
  return size > 0 ? std::string(text, static_cast<std::size_t>(size)) : std::string();
}

Result<PublicKey> public_half(const EVP_PKEY* key) {
  PublicKey half{};
  std::size_t size = half.size();
  if (EVP_PKEY_get_raw_public_key(key, half.data(), &size) != 1 || size != half.size())
    return fail(Errc::invalid, "it is no Ed25519 key");
  return half;
}

Result<> check_rights(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return fail_errno("cannot look at " + path, errno);
  if ((status.st_mode & 077U) != 0 || (status.st_uid != ::geteuid() && status.st_uid != 0))
    return fail(Errc::denied, "{}: a key that others may read or write is not used (wanted: mode 0600)",
                path);
  return {};
}

}  // namespace

struct SigningKey::State {
  Key key;
  PublicKey half{};
};

Result<SigningKey> SigningKey::read(const std::string& path) {
  BANSOKO_TRY(std::string pem, read_file(path, kLargestPem));
  BANSOKO_CHECK(check_rights(path));
  const Bio bio = reader_of(pem);
  auto state = std::make_shared<State>();
  state->key.reset(PEM_read_bio_PrivateKey(bio.get(), nullptr, no_password, nullptr));
  OPENSSL_cleanse(pem.data(), pem.size());
  if (state->key == nullptr || EVP_PKEY_get_id(state->key.get()) != EVP_PKEY_ED25519)
    return fail(Errc::invalid, "{} is no Ed25519 key in PEM", path);
  BANSOKO_TRY(state->half, public_half(state->key.get()));
  return SigningKey(std::move(state));
}

Result<SigningKey> SigningKey::make(const std::string& path) {
  std::array<std::uint8_t, 32> seed{};
  if (RAND_priv_bytes(seed.data(), static_cast<int>(seed.size())) != 1)
    return fail(Errc::io, "no random numbers for a key are to be had");
  const Key key(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, seed.data(), seed.size()));
  OPENSSL_cleanse(seed.data(), seed.size());
  const Bio bio(BIO_new(BIO_s_mem()));
  if (key == nullptr || bio == nullptr ||
      PEM_write_bio_PKCS8PrivateKey(bio.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) != 1)
    return fail(Errc::io, "no key could be made");
  std::string pem = text_of(bio.get());
  const auto written = write_file_atomic(path, pem, 0600);
  OPENSSL_cleanse(pem.data(), pem.size());
  BANSOKO_CHECK(written);
  return read(path);
}

const PublicKey& SigningKey::public_key() const noexcept { return state_->half; }

Result<Signature> SigningKey::sign(Bytes message) const {
  Signature signature{};
  std::size_t size = signature.size();
  const Context context(EVP_MD_CTX_new());
  if (EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, state_->key.get()) != 1 ||
      EVP_DigestSign(context.get(), signature.data(), &size, message.data(), message.size()) != 1)
    return fail(Errc::io, "the key does not sign");
  return signature;
}

bool is_signed_by(const PublicKey& key, Bytes message, Bytes signature) noexcept {
  const Key half(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, key.data(), key.size()));
  const Context context(EVP_MD_CTX_new());
  return half != nullptr && context != nullptr &&
         EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, half.get()) == 1 &&
         EVP_DigestVerify(context.get(), signature.data(), signature.size(), message.data(),
                          message.size()) == 1;
}

std::string fingerprint_of(const PublicKey& key) {
  Digest digest(DigestKind::sha256);
  digest.add(key);
  return hexadecimal(digest.finish());
}

std::string to_pem(const PublicKey& key) {
  const Key half(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, key.data(), key.size()));
  const Bio bio(BIO_new(BIO_s_mem()));
  return PEM_write_bio_PUBKEY(bio.get(), half.get()) == 1 ? text_of(bio.get()) : std::string();
}

Result<PublicKey> public_key_from(std::string_view pem) {
  if (pem.size() > kLargestPem) return fail(Errc::limit, "it is larger than any key");
  const Bio bio = reader_of(pem);
  const Key key(PEM_read_bio_PUBKEY(bio.get(), nullptr, no_password, nullptr));
  if (key == nullptr || EVP_PKEY_get_id(key.get()) != EVP_PKEY_ED25519)
    return fail(Errc::invalid, "it is no public key of Ed25519 in PEM");
  return public_half(key.get());
}

}  // namespace bansoko::approved
