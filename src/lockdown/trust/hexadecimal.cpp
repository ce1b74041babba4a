// SPDX-License-Identifier: Apache-2.0
#include "lockdown/trust/hexadecimal.h"

namespace bansoko::trust {
namespace {

constexpr unsigned kNone = 16;

unsigned value_of_digit(char digit) noexcept {
  if (digit >= '0' && digit <= '9') return static_cast<unsigned>(digit - '0');
  if (digit >= 'a' && digit <= 'f') return static_cast<unsigned>(digit - 'a' + 10);
  if (digit >= 'A' && digit <= 'F') return static_cast<unsigned>(digit - 'A' + 10);
  return kNone;
}

}  // namespace

std::size_t from_hexadecimal(std::string_view digits, std::span<std::uint8_t> out) noexcept {
  if (digits.size() % 2 != 0 || digits.size() / 2 > out.size()) return 0;
  for (std::size_t i = 0; i < digits.size() / 2; ++i) {
    const unsigned high = value_of_digit(digits[2 * i]), low = value_of_digit(digits[2 * i + 1]);
    if (high == kNone || low == kNone) return 0;
    out[i] = static_cast<std::uint8_t>(high << 4U | low);
  }
  return digits.size() / 2;
}

}  // namespace bansoko::trust
