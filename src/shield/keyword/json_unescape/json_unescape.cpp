// SPDX-License-Identifier: Apache-2.0
// Escapes in strings of JSON (RFC 8259 section 7).
#include "base/text.h"
#include "shield/detect/keyword.h"
#include "shield/detect/rule_builder.h"
#include "shield/keyword/bytes_of_text.h"

namespace bansoko::keyword::json_unescape {
namespace {

constexpr std::size_t kDigits = 4;

/// The number of `\uXXXX` behind its `\u`; -1: there is none.
int number_of(Bytes digits) noexcept {
  if (digits.size() < kDigits) return -1;
  int number = 0;
  for (const std::uint8_t byte : digits.first(kDigits)) {
    const int digit = digit_of(byte);
    if (digit < 0) return -1;
    number = number * 16 + digit;
  }
  return number;
}

std::uint8_t meaning_of(std::uint8_t letter) noexcept {
  switch (letter) {
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    default:
      return letter;
  }
}

/// As UTF-8; halves of a pair each by themselves.
std::size_t write(int number, std::span<std::uint8_t> room) noexcept {
  if (number < 0x80) {
    room[0] = static_cast<std::uint8_t>(number);
    return 1;
  }
  if (number < 0x800) {
    room[0] = static_cast<std::uint8_t>(0xC0 | (number >> 6));
    room[1] = static_cast<std::uint8_t>(0x80 | (number & 0x3F));
    return 2;
  }
  room[0] = static_cast<std::uint8_t>(0xE0 | (number >> 12));
  room[1] = static_cast<std::uint8_t>(0x80 | ((number >> 6) & 0x3F));
  room[2] = static_cast<std::uint8_t>(0x80 | (number & 0x3F));
  return 3;
}

Bytes apply(const detect::Transform&, Bytes bytes, std::span<std::uint8_t> room,
            detect::TransformTools&) noexcept {
  if (as_text(bytes).find('\\') == std::string_view::npos) return bytes;
  std::size_t written = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (bytes[i] != '\\' || i + 1 == bytes.size()) {
      room[written++] = bytes[i];
      continue;
    }
    const std::uint8_t letter = bytes[++i];
    const int number = letter == 'u' ? number_of(bytes.subspan(i + 1)) : -1;
    if (number >= 0) {
      written += write(number, room.subspan(written));
      i += kDigits;
    } else if (letter == 'u') {
      room[written++] = '\\';
      room[written++] = letter;
    } else {
      room[written++] = meaning_of(letter);
    }
  }
  return room.first(written);
}

Result<> compile(const rule::Option&, detect::RuleBuilder& rule) {
  return rule.transform({.name = "json_unescape", .apply = apply});
}

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{
      .name = "json_unescape", .help = "\\uXXXX, \\/ and other escapes of JSON undone", .compile = compile};
  return keyword;
}

}  // namespace bansoko::keyword::json_unescape
