// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/http/utf8.h"

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

std::size_t collapse_utf8(std::span<char> text) noexcept {
  std::size_t size = 0;
  std::size_t at = 0;
  while (at < text.size()) {
    const auto first = static_cast<std::uint8_t>(text[at++]);
    if (first < 0x80) {
      text[size++] = static_cast<char>(first);
      continue;
    }
    const Lead sequence = lead(first);
    if (sequence.following < 0) {
      text[size++] = '?';
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
      text[size++] = best_fit(code_point);
    } else {
      for (int i = 0; i < seen; ++i) text[size++] = '?';  // cut short by the end: its last byte is left out
    }
  }
  return size;
}

}  // namespace bansoko::proto::http
