// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace bansoko::inventory {

/// Text of a code page that Windows used (932, 936, 949, 950, 850, 1252; Microsoft's names) as UTF-8. Which
/// one it was is told by which reading gives the likeliest letters.
std::string from_code_page(std::string_view bytes);

/// UTF-16 as UTF-8, without a byte order mark. Half a character at the end is left out.
std::string from_utf16(std::string_view bytes, bool little_endian);

/// The next character of UTF-8 and how long it is; 0xfffd and 1 for what is none.
struct Character {
  char32_t code = 0;
  std::size_t size = 1;
};
Character next_character(std::string_view utf8) noexcept;

/// Appends a character as UTF-8.
void append_utf8(std::string& to, char32_t code);

}  // namespace bansoko::inventory
