// SPDX-License-Identifier: Apache-2.0
#include "assess/inventory/text.h"

#include <algorithm>
#include <array>
#include <charconv>

#include <arpa/inet.h>
#include <fmt/format.h>

#include "assess/inventory/code_page.h"
#include "base/text.h"

namespace bansoko::inventory {
namespace {

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

/// UTF-16 without a byte order mark: of Latin text and blanks, each second byte is zero.
enum class Wide : std::uint8_t { no, little, big };

Wide looks_wide(std::string_view bytes) noexcept {
  const std::string_view sample = bytes.substr(0, 4096);
  std::size_t zeros[2] = {0, 0};
  for (std::size_t i = 0; i < sample.size(); ++i)
    if (sample[i] == '\0') ++zeros[i % 2];
  const std::size_t enough = sample.size() / 8;
  if (sample.size() < 4) return Wide::no;
  if (zeros[1] > enough && zeros[0] * 4 < zeros[1]) return Wide::little;
  return zeros[0] > enough && zeros[1] * 4 < zeros[0] ? Wide::big : Wide::no;
}

/// Broken sequences but for one that the end cuts.
std::size_t broken(std::string_view bytes) noexcept {
  std::size_t count = 0;
  for (std::size_t at = 0; at < bytes.size();) {
    const Character next = next_character(bytes.substr(at));
    if (next.code == 0xfffd && next.size == 1 && bytes.size() - at > 3) ++count;
    at += next.size;
  }
  return count;
}

std::string repaired(std::string_view bytes) {
  std::string made;
  made.reserve(bytes.size());
  for (std::size_t at = 0; at < bytes.size();) {
    const Character next = next_character(bytes.substr(at));
    if (next.code == 0xfffd)
      append_utf8(made, next.code);
    else
      made.append(bytes.substr(at, next.size));
    at += next.size;
  }
  return made;
}

bool turns_direction(char32_t code) noexcept {
  return (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069) || code == 0x200e ||
         code == 0x200f;
}

}  // namespace

std::string to_utf8(std::string_view bytes) {
  if (bytes.starts_with("\xef\xbb\xbf")) return repaired(bytes.substr(3));
  if (bytes.starts_with("\xff\xfe")) return from_utf16(bytes.substr(2), true);
  if (bytes.starts_with("\xfe\xff")) return from_utf16(bytes.substr(2), false);
  if (const Wide wide = looks_wide(bytes); wide != Wide::no) return from_utf16(bytes, wide == Wide::little);
  return broken(bytes) == 0 ? repaired(bytes) : from_code_page(bytes);
}

std::string beginning(std::string_view bytes, std::size_t most) { return to_utf8(bytes.substr(0, most)); }

std::vector<Line> lines_of(std::string_view text) {
  std::vector<Line> lines;
  constexpr std::uint32_t kMost = 8'000'000;
  std::uint32_t count = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = count + 1 < kMost ? text.find('\n', at) : std::string_view::npos;
    const bool ended = end != std::string_view::npos;
    std::string_view line = text.substr(at, ended ? end - at : std::string_view::npos);
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ' || line.back() == '\t'))
      line.remove_suffix(1);
    lines.push_back({line, ++count, ended});
    if (!ended) break;
    at = end + 1;
  }
  return lines;
}

std::string shown(std::string_view utf8, std::size_t most) {
  std::string made;
  for (std::size_t at = 0; at < utf8.size();) {
    const Character next = next_character(utf8.substr(at));
    std::string one;
    const bool control = next.code < 0x20 || (next.code >= 0x7f && next.code < 0xa0);
    if (control || turns_direction(next.code))
      one = fmt::format("\\x{:02x}", static_cast<std::uint32_t>(next.code));
    else
      append_utf8(one, next.code);
    if (made.size() + one.size() > most) break;
    made += one;
    at += next.size;
  }
  return made;
}

assess::Evidence evidence(std::string_view source, std::uint32_t line, std::string_view text) {
  return {.source = std::string(source), .line = line, .text = shown(trim(text))};
}

std::optional<std::uint32_t> number(std::string_view digits) noexcept {
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc() || end != digits.data() + digits.size() || digits.empty()) return {};
  return value;
}

std::optional<std::uint32_t> first_number(std::string_view text) noexcept {
  std::size_t from = 0;
  while (from < text.size() && !is_digit(text[from])) ++from;
  std::size_t to = from;
  while (to < text.size() && is_digit(text[to])) ++to;
  return number(text.substr(from, to - from));
}

std::vector<std::string_view> split(std::string_view text, char separator, std::size_t most) {
  std::vector<std::string_view> parts;
  while (parts.size() + 1 < most) {
    const std::size_t end = text.find(separator);
    if (end == std::string_view::npos) break;
    parts.push_back(text.substr(0, end));
    text.remove_prefix(end + 1);
  }
  parts.push_back(text);
  return parts;
}

std::vector<std::string> csv_fields(std::string_view line) {
  std::vector<std::string> fields(1);
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (c == '"' && quoted && i + 1 < line.size() && line[i + 1] == '"') {
      fields.back() += line[++i];
    } else if (c == '"') {
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      if (fields.size() == kMostFields) break;
      fields.emplace_back();
    } else {
      fields.back() += c;
    }
  }
  return fields;
}

bool has(std::string_view text, std::string_view word) noexcept {
  return std::search(text.begin(), text.end(), word.begin(), word.end(),
                     [](char a, char b) { return to_lower(a) == to_lower(b); }) != text.end();
}

std::optional<std::string> address(std::string_view text) {
  text = text.substr(0, text.find_first_of("/%"));
  if (text.size() < 2 || text.size() > 45) return {};
  const std::string candidate = lowered(text);
  std::array<unsigned char, 16> bytes{};
  const bool valid = ::inet_pton(AF_INET, candidate.c_str(), bytes.data()) == 1 ||
                     ::inet_pton(AF_INET6, candidate.c_str(), bytes.data()) == 1;
  if (!valid) return {};
  return candidate;
}

}  // namespace bansoko::inventory
