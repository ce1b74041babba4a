// SPDX-License-Identifier: Apache-2.0
#include "shield/detect/base64.h"

#include <array>
#include <string_view>

namespace bansoko::detect {
namespace {

constexpr std::uint8_t kNotInAlphabet = 0xff;

constexpr std::array<std::uint8_t, 256> kValues = [] {
  constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::array<std::uint8_t, 256> values{};
  values.fill(kNotInAlphabet);
  for (std::size_t i = 0; i < kAlphabet.size(); ++i)
    values[static_cast<std::uint8_t>(kAlphabet[i])] = static_cast<std::uint8_t>(i);
  return values;
}();

}  // namespace

std::size_t decode_base64(Bytes text, std::span<std::uint8_t> room) noexcept {
  std::size_t written = 0;
  std::uint32_t bits = 0;
  unsigned held = 0;
  for (const std::uint8_t sign : text) {
    const std::uint8_t value = kValues[sign];
    if (value == kNotInAlphabet || written == room.size()) break;
    bits = bits << 6U | value;
    held += 6;
    if (held < 8) continue;
    held -= 8;
    room[written++] = static_cast<std::uint8_t>(bits >> held);
  }
  return written;
}

}  // namespace bansoko::detect
