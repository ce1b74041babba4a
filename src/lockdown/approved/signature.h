// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

namespace bansoko::approved {

/// Ed25519 (RFC 8032).
using PublicKey = std::array<std::uint8_t, 32>;
using Signature = std::array<std::uint8_t, 64>;

/// A key that signs. Copies share it.
class SigningKey {
 public:
  /// Reads PEM (PKCS #8, RFC 8410). A file that others may read or write is refused.
  static Result<SigningKey> read(const std::string& path);
  /// A new one, which is written (0600) before it is given.
  static Result<SigningKey> make(const std::string& path);

  const PublicKey& public_key() const noexcept;
  Result<Signature> sign(Bytes message) const;

 private:
  struct State;
  explicit SigningKey(std::shared_ptr<const State> state) noexcept : state_(std::move(state)) {}
  std::shared_ptr<const State> state_;
};

bool is_signed_by(const PublicKey& key, Bytes message, Bytes signature) noexcept;

/// SHA-256 of the key's 32 bytes, as 64 digits: to be compared by people.
std::string fingerprint_of(const PublicKey& key);

/// "-----BEGIN PUBLIC KEY-----" (SubjectPublicKeyInfo, RFC 8410 section 4), and the reverse.
std::string to_pem(const PublicKey& key);
Result<PublicKey> public_key_from(std::string_view pem);

}  // namespace bansoko::approved
