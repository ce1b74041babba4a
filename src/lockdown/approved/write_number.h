// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace bansoko::approved {

/// Adds the last `size` bytes of the number, in network order.
inline void put_number(std::string& bytes, std::uint64_t number, unsigned size) {
  for (unsigned shift = size * 8; shift > 0; shift -= 8)
    bytes += static_cast<char>(number >> (shift - 8) & 0xffU);
}

/// Adds the size of the text as such a number, then the text.
inline void put_sized(std::string& bytes, std::string_view text, unsigned size_of_size) {
  put_number(bytes, text.size(), size_of_size);
  bytes += text;
}

}  // namespace bansoko::approved
