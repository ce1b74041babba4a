// SPDX-License-Identifier: Apache-2.0
#include "base/base64.h"

namespace bansoko {

std::size_t decode_base64(Bytes text, std::span<std::uint8_t> room) noexcept {
  std::size_t written = 0;
  Base64Digits digits;
  for (const std::uint8_t sign : text) {
    const int value = base64_value(sign);
    if (value == kNotBase64 || written == room.size()) break;
    if (digits.add(value)) room[written++] = digits.byte();
  }
  return written;
}

}  // namespace bansoko
