// SPDX-License-Identifier: Apache-2.0
#include "patches/message_items.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

namespace bansoko::patches {
namespace {

constexpr std::size_t kLongestLabel = 63;

/// The next character of UTF-8 (RFC 3629); -1 where it is none.
std::int32_t next_character(std::string_view& text) {
  const auto first = static_cast<unsigned char>(text.front());
  const std::size_t size = first < 0x80 ? 1 : first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (size > text.size() || (size > 1 && first < 0xC2)) return -1;
  std::int32_t value = size == 1 ? first : first & (0xFF >> (size + 1));
  for (std::size_t i = 1; i < size; ++i) value = value << 6 | (static_cast<unsigned char>(text[i]) & 0x3F);
  text.remove_prefix(size);
  return value;
}

}  // namespace

Result<std::string> bytes_of_hex(std::string_view text) {
  std::string digits;
  for (const char c : text)
    if (c != ' ' && c != '\n') digits += c;
  if (digits.size() % 2 != 0) return fail(Errc::invalid, "an odd number of hexadecimal digits");
  std::string bytes;
  for (std::size_t i = 0; i < digits.size(); i += 2) {
    unsigned value = 0;
    const auto [end, error] = std::from_chars(digits.data() + i, digits.data() + i + 2, value, 16);
    if (error != std::errc() || end != digits.data() + i + 2)
      return fail(Errc::invalid, "'{}' is not a byte in hexadecimal", digits.substr(i, 2));
    bytes += static_cast<char>(value);
  }
  return bytes;
}

std::string integer_bytes(std::uint64_t value, std::size_t size, bool big_endian) {
  std::string bytes(size, '\0');
  for (std::size_t i = 0; i < size; ++i, value >>= 8U)
    bytes[big_endian ? size - 1 - i : i] = static_cast<char>(value & 0xFFU);
  return bytes;
}

Result<std::string> utf16_of(std::string_view text, bool big_endian) {
  std::string bytes;
  const auto unit = [&](std::int32_t value) {
    bytes += integer_bytes(static_cast<std::uint64_t>(value), 2, big_endian);
  };
  while (!text.empty()) {
    const std::int32_t character = next_character(text);
    if (character < 0 || character > 0x10FFFF) return fail(Errc::invalid, "is not UTF-8");
    if (character < 0x10000) {
      unit(character);
    } else {
      unit(0xD800 + ((character - 0x10000) >> 10));
      unit(0xDC00 + ((character - 0x10000) & 0x3FF));
    }
  }
  return bytes;
}

Result<std::string> uuid_of(std::string_view text, bool big_endian) {
  const bool has_shape =
      text.size() == 36 && text[8] == '-' && text[13] == '-' && text[18] == '-' && text[23] == '-';
  std::string digits(text);
  std::erase(digits, '-');
  if (!has_shape || digits.size() != 32) return fail(Errc::invalid, "'{}' is not a UUID", text);
  BANSOKO_TRY(std::string bytes, bytes_of_hex(digits));
  if (big_endian) return bytes;
  std::reverse(bytes.begin(), bytes.begin() + 4);
  std::reverse(bytes.begin() + 4, bytes.begin() + 6);
  std::reverse(bytes.begin() + 6, bytes.begin() + 8);
  return bytes;
}

std::string base64_of(std::string_view bytes) {
  constexpr std::string_view kSigns = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string made;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t count = std::min<std::size_t>(3, bytes.size() - i);
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 3; ++k)
      group = group << 8U | (k < count ? static_cast<unsigned char>(bytes[i + k]) : 0U);
    for (std::size_t k = 0; k < 4; ++k) made += k <= count ? kSigns[group >> (18 - 6 * k) & 0x3FU] : '=';
  }
  return made;
}

std::string percent_of(std::string_view bytes) {
  std::string made;
  for (const char c : bytes) made += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  return made;
}

Result<std::string> dns_name_of(std::string_view text) {
  std::string bytes;
  while (!text.empty()) {
    const std::string_view label = text.substr(0, text.find('.'));
    if (label.empty() || label.size() > kLongestLabel)
      return fail(Errc::invalid, "a label of a name has 1 to {} bytes, not {}", kLongestLabel, label.size());
    bytes += static_cast<char>(label.size());
    bytes += label;
    text.remove_prefix(std::min(text.size(), label.size() + 1));
  }
  return bytes + '\0';
}

std::string der_length(std::size_t size) {
  if (size < 0x80) return {static_cast<char>(size)};
  std::size_t bytes = 1;
  while (bytes < sizeof(size) && size >> (8 * bytes) != 0) ++bytes;
  return static_cast<char>(0x80U | bytes) + integer_bytes(size, bytes, true);
}

}  // namespace bansoko::patches
