// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace bansoko {

/// SHA-256 (FIPS 180-4) of bytes that come piece by piece.
class Sha256 {
 public:
  void add(std::string_view bytes) noexcept;
  /// Ends it and gives 64 lower-case hexadecimal digits. Only once.
  std::string hex();

 private:
  static constexpr std::size_t kBlock = 64;

  void take_block(const std::uint8_t* block) noexcept;

  std::array<std::uint32_t, 8> state_{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                      0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  std::array<std::uint8_t, kBlock> pending_{};
  std::uint64_t size_ = 0;  // of all bytes so far
};

/// Of bytes that are all there.
std::string sha256_hex(std::string_view bytes);

}  // namespace bansoko
