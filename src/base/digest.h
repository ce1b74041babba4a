// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/bytes.h"

namespace bansoko {

enum class DigestKind : std::uint8_t { md5, sha1, sha256 };

/// A message digest over bytes that come in pieces (OpenSSL). Allocates nothing.
class Digest {
 public:
  static constexpr std::size_t kMaxSize = 32;

  explicit Digest(DigestKind kind) noexcept;

  void add(Bytes bytes) noexcept;
  /// The digest of all that was added, which is then forgotten. Valid until the next call.
  Bytes finish() noexcept;

 private:
  void begin() noexcept;

  DigestKind kind_;
  alignas(8) std::array<std::byte, 112> context_{};  // of the library
  std::array<std::uint8_t, kMaxSize> result_{};
};

/// In lower-case hexadecimal digits.
std::string hexadecimal(Bytes bytes);

}  // namespace bansoko
