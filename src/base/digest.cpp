// SPDX-License-Identifier: Apache-2.0
// The functions for one kind of digest each, which newer ones are to replace: those allocate a context, and
// look the kind up by name.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "base/digest.h"

#include <memory>
#include <new>

#include <openssl/md5.h>
#include <openssl/sha.h>

namespace bansoko {
namespace {

template <class Context>
Context& as(std::array<std::byte, 112>& memory) noexcept {
  static_assert(sizeof(Context) <= sizeof(memory) && alignof(Context) <= 8);
  return *std::launder(reinterpret_cast<Context*>(memory.data()));
}

template <class Context>
Context* made(std::array<std::byte, 112>& memory) noexcept {
  return std::construct_at(reinterpret_cast<Context*>(memory.data()));
}

}  // namespace

Digest::Digest(DigestKind kind) noexcept : kind_(kind) { begin(); }

void Digest::begin() noexcept {
  switch (kind_) {
    case DigestKind::md5:
      MD5_Init(made<MD5_CTX>(context_));
      break;
    case DigestKind::sha1:
      SHA1_Init(made<SHA_CTX>(context_));
      break;
    case DigestKind::sha256:
      SHA256_Init(made<SHA256_CTX>(context_));
      break;
  }
}

void Digest::add(Bytes bytes) noexcept {
  switch (kind_) {
    case DigestKind::md5:
      MD5_Update(&as<MD5_CTX>(context_), bytes.data(), bytes.size());
      break;
    case DigestKind::sha1:
      SHA1_Update(&as<SHA_CTX>(context_), bytes.data(), bytes.size());
      break;
    case DigestKind::sha256:
      SHA256_Update(&as<SHA256_CTX>(context_), bytes.data(), bytes.size());
      break;
  }
}

Bytes Digest::finish() noexcept {
  std::size_t size = 0;
  switch (kind_) {
    case DigestKind::md5:
      MD5_Final(result_.data(), &as<MD5_CTX>(context_));
      size = MD5_DIGEST_LENGTH;
      break;
    case DigestKind::sha1:
      SHA1_Final(result_.data(), &as<SHA_CTX>(context_));
      size = SHA_DIGEST_LENGTH;
      break;
    case DigestKind::sha256:
      SHA256_Final(result_.data(), &as<SHA256_CTX>(context_));
      size = SHA256_DIGEST_LENGTH;
      break;
  }
  begin();
  return Bytes(result_).first(size);
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
