// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <compare>
#include <string_view>

namespace bansoko::version {

// ASCII only, whatever the locale.
constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
constexpr bool is_letter(char c) noexcept { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/// Takes the longest beginning of `text` whose characters are all `kind`.
template <class Kind>
constexpr std::string_view take_run(std::string_view& text, Kind kind) noexcept {
  std::size_t size = 0;
  while (size < text.size() && kind(text[size])) ++size;
  const std::string_view run = text.substr(0, size);
  text.remove_prefix(size);
  return run;
}

/// Decimal numbers of any length; no digits are 0.
constexpr std::strong_ordering compare_digits(std::string_view a, std::string_view b) noexcept {
  a.remove_prefix(std::min(a.find_first_not_of('0'), a.size()));
  b.remove_prefix(std::min(b.find_first_not_of('0'), b.size()));
  if (a.size() != b.size()) return a.size() <=> b.size();
  return a <=> b;
}

/// Takes "12:" from the beginning of `text`; empty if there is none.
constexpr std::string_view take_epoch(std::string_view& text) noexcept {
  std::string_view rest = text;
  const std::string_view digits = take_run(rest, is_digit);
  if (!rest.starts_with(':')) return {};
  text = rest.substr(1);
  return digits;
}

}  // namespace bansoko::version
