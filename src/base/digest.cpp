// SPDX-License-Identifier: Apache-2.0
#include "base/digest.h"

#include <new>

#include <openssl/evp.h>

namespace bansoko {
namespace {

const EVP_MD* method_of(DigestKind kind) noexcept {
  switch (kind) {
    case DigestKind::md5:
      return EVP_md5();
    case DigestKind::sha1:
      return EVP_sha1();
    case DigestKind::sha256:
      break;
  }
  return EVP_sha256();
}

struct Free {
  void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
};

}  // namespace

struct Digest::State {
  explicit State(DigestKind kind) : method(method_of(kind)), context(EVP_MD_CTX_new()) {
    if (context == nullptr || EVP_DigestInit_ex(context.get(), method, nullptr) != 1) throw std::bad_alloc();
  }

  const EVP_MD* method;
  std::unique_ptr<EVP_MD_CTX, Free> context;
  std::array<std::uint8_t, kMaxSize> result{};
};

Digest::Digest(DigestKind kind) : state_(std::make_unique<State>(kind)) {}
Digest::Digest(Digest&&) noexcept = default;
Digest& Digest::operator=(Digest&&) noexcept = default;
Digest::~Digest() = default;

void Digest::add(Bytes bytes) noexcept {
  EVP_DigestUpdate(state_->context.get(), bytes.data(), bytes.size());
}

Bytes Digest::finish() noexcept {
  unsigned size = 0;
  EVP_DigestFinal_ex(state_->context.get(), state_->result.data(), &size);
  // With no method named the context keeps its own and what that has taken: nothing is fetched anew.
  EVP_DigestInit_ex(state_->context.get(), nullptr, nullptr);
  return Bytes(state_->result).first(size);
}

std::size_t Digest::size() const noexcept {
  return static_cast<std::size_t>(EVP_MD_get_size(state_->method));
}

std::string hexadecimal(Bytes bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const std::uint8_t byte : bytes) {
    text += kDigits[byte >> 4U];
    text += kDigits[byte & 0xfU];
  }
  return text;
}

}  // namespace bansoko
