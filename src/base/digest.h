// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "base/bytes.h"

namespace bansoko {

/// MD5 (RFC 1321), SHA-1 and SHA-256 (FIPS 180-4), fed piece by piece. Allocates nothing.
class Digest {
 public:
  enum class Kind : std::uint8_t { md5, sha1, sha256 };
  static constexpr std::size_t kLargest = 32;

  explicit Digest(Kind kind) noexcept;

  void add(Bytes bytes) noexcept;
  /// The digest of all that was added: 16, 20 or 32 bytes, valid as long as this. Nothing may be added after.
  Bytes finish() noexcept;

  static constexpr std::size_t size_of(Kind kind) noexcept {
    return kind == Kind::md5 ? 16 : kind == Kind::sha1 ? 20 : 32;
  }

 private:
  static constexpr std::size_t kBlock = 64;
  using State = std::array<std::uint32_t, 8>;
  void mix(Bytes block) noexcept;

  Kind kind_;
  State state_{};
  std::uint64_t size_ = 0;
  std::array<std::uint8_t, kBlock> block_{};
  std::array<std::uint8_t, kLargest> result_{};
};

/// Bytes as lower-case hexadecimal digits.
std::string to_hex(Bytes bytes);

}  // namespace bansoko
