// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/http/utf8.h"

#include <array>
#include <cstdint>

#include "shield/proto/http/best_fit.h"

namespace bansoko::proto::http {
namespace {

/// What a lead byte announces: how many bytes follow, and the range of the first of them.
struct Lead {
  int following = -1;  // -1: not a lead byte
  std::uint8_t low = 0x80;
  std::uint8_t high = 0xbf;
};

/// The least code point that needs as many bytes after the first.
constexpr std::array<std::uint32_t, 4> kLeast{0, 0x80, 0x800, 0x10000};

Lead lead(std::uint8_t byte) noexcept {
  if (byte < 0xc0) return {};
  if (byte < 0xe0) return {.following = 1};
  if (byte == 0xed) return {.following = 2, .high = 0x9f};  // what follows are surrogates
  if (byte < 0xf0) return {.following = 2};
  if (byte < 0xf4) return {.following = 3};
  if (byte == 0xf4) return {.following = 3, .high = 0x8f};  // what follows is beyond Unicode
  return {};
}

}  // namespace

Collapsed collapse_utf8(std::span<char> text, Fit fit) noexcept {
  const auto stray = [fit](std::uint8_t byte) {
    const char taken = fit == Fit::any ? best_fit(byte, fit) : '?';
    return (static_cast<std::uint8_t>(taken) & 0x80U) != 0 ? '?' : taken;
  };
  std::size_t size = 0;
  bool overlong = false;
  std::size_t at = 0;
  while (at < text.size()) {
    const auto first = static_cast<std::uint8_t>(text[at++]);
    if (first < 0x80) {
      text[size++] = static_cast<char>(first);
      continue;
    }
    const Lead sequence = lead(first);
    if (sequence.following < 0) {
      text[size++] = stray(first);
      continue;
    }
    // What IIS 4 and 5 decoded without a look at the second byte: %c0%2f, %c1%1c (MS00-078).
    if (fit == Fit::any && first < 0xc2 && at < text.size()) {
      const auto second = static_cast<std::uint8_t>(text[at++]);
      text[size++] = static_cast<char>((first & 1U) << 6U | (second & 0x3fU));
      overlong = true;
      continue;
    }
    std::uint32_t code_point = first & (0x3fU >> sequence.following);
    int seen = 0;
    bool broken = false;
    while (seen < sequence.following && at < text.size() && !broken) {
      const auto byte = static_cast<std::uint8_t>(text[at]);
      broken = seen == 0 ? byte < sequence.low || byte > sequence.high : (byte & 0xc0U) != 0x80;
      if (broken) break;
      code_point = code_point << 6 | (byte & 0x3fU);
      ++seen;
      ++at;
    }
    if (broken) {
      text[size++] = '?';
    } else if (seen == sequence.following) {
      overlong |= code_point < kLeast[static_cast<std::size_t>(sequence.following)];
      text[size++] = best_fit(code_point, fit);
    } else {
      for (int i = 0; i < seen; ++i) text[size++] = '?';  // cut short by the end: its last byte is left out
    }
  }
  return {size, overlong};
}

}  // namespace bansoko::proto::http
