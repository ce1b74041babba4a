// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "base/bytes.h"

namespace bansoko {

inline constexpr int kNotBase64 = -1;

namespace detail {
inline constexpr auto kBase64Values = [] {
  constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::array<std::int8_t, 256> values{};
  values.fill(kNotBase64);
  for (std::size_t i = 0; i < kAlphabet.size(); ++i)
    values[static_cast<std::uint8_t>(kAlphabet[i])] = static_cast<std::int8_t>(i);
  return values;
}();
}  // namespace detail

/// What a sign of the base64 alphabet stands for (RFC 4648 section 4): 0 to 63; kNotBase64 if it is none.
constexpr int base64_value(std::uint8_t sign) noexcept { return detail::kBase64Values[sign]; }

/// Puts bytes together from digits of base64, which come one by one.
class Base64Digits {
 public:
  /// True: another byte is complete.
  bool add(int value) noexcept {
    bits_ = (bits_ << 6U | static_cast<std::uint32_t>(value)) & 0xffffff;
    count_ = (count_ + 1) % 4;
    return count_ != 1;
  }
  /// The one completed last.
  std::uint8_t byte() const noexcept {
    return static_cast<std::uint8_t>(bits_ >> (count_ == 0 ? 0U : 8U - 2U * count_));
  }
  /// How many digits the group under way has: 0 to 3.
  unsigned digits() const noexcept { return count_; }
  void clear() noexcept { *this = {}; }

 private:
  std::uint32_t bits_ = 0;
  unsigned count_ = 0;
};

/// Decodes base64 up to the first byte that is not in its alphabet, or until `room` is full; an incomplete
/// group at the end gives the bytes that it holds. Returns how many bytes it wrote.
std::size_t decode_base64(Bytes text, std::span<std::uint8_t> room) noexcept;

}  // namespace bansoko
