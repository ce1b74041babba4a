// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/http/header_numbers.h"

#include <algorithm>
#include <array>
#include <limits>
#include <optional>

#include "base/text.h"
#include "shield/proto/http/line.h"

namespace bansoko::proto::http {
namespace {

constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max();

/// The number in all of `digits`; what is larger than fits counts as the largest.
std::optional<std::uint64_t> saturated(std::string_view digits) noexcept {
  if (digits.empty()) return {};
  std::uint64_t value = 0;
  for (const char c : digits) {
    if (c < '0' || c > '9') return {};
    const auto digit = static_cast<std::uint64_t>(c - '0');
    value = value > (kMost - digit) / 10 ? kMost : value * 10 + digit;
  }
  return value;
}

/// Takes the front of `text` up to `separator` off it, and the separator.
std::string_view take_until(std::string_view& text, char separator) noexcept {
  const auto end = std::min(text.find(separator), text.size());
  const auto taken = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return taken;
}

/// How many bytes the character takes that `text` begins with.
std::size_t character_size(std::string_view text) noexcept {
  if (text[0] == '%') return std::min<std::size_t>(text.size(), 3);
  return 1;
}

/// Whether it continues a character of UTF-8, written plainly or as an escape.
bool is_continuation(std::string_view character) noexcept {
  if (character.size() < 3) return (static_cast<unsigned char>(character[0]) & 0xc0U) == 0x80;
  const char high = to_lower(character[1]);
  return high == '8' || high == '9' || high == 'a' || high == 'b';
}

std::uint64_t characters(std::string_view path) noexcept {
  std::uint64_t count = 0;
  while (!path.empty()) {
    const auto character = path.substr(0, character_size(path));
    if (!is_continuation(character)) ++count;
    path.remove_prefix(character.size());
  }
  return count;
}

}  // namespace

RangeNumbers read_ranges(std::string_view value) noexcept {
  RangeNumbers numbers;
  const auto equals = value.find('=');
  if (equals == std::string_view::npos || !same_text(strip(value.substr(0, equals)), "bytes")) return numbers;
  value.remove_prefix(equals + 1);
  std::optional<std::uint64_t> last;  // the highest end so far, of open ranges too
  bool has_suffix = false;
  while (!value.empty()) {
    std::string_view range = take_until(value, ',');
    const bool has_dash = range.find('-') != std::string_view::npos;
    const auto first = saturated(strip(take_until(range, '-')));
    const auto end = saturated(strip(range));
    if (!has_dash || (!first && !end)) continue;
    ++numbers.count;
    const bool is_suffix = !first;
    if (is_suffix ? has_suffix || last == kMost : last && *first <= *last) ++numbers.overlaps;
    has_suffix |= is_suffix;
    if (is_suffix) continue;
    last = std::max(last.value_or(0), end.value_or(kMost));
    numbers.highest_end = std::max(numbers.highest_end, end.value_or(0));
  }
  return numbers;
}

std::uint64_t longest_path(std::string_view if_value) noexcept {
  std::uint64_t longest = 0;
  while (!if_value.empty()) {
    take_until(if_value, '<');
    std::string_view url = take_until(if_value, '>');
    if (const auto host = url.find("//"); host != std::string_view::npos) {
      url.remove_prefix(host + 2);
      url.remove_prefix(std::min(url.find('/'), url.size()));
    } else if (!url.starts_with('/')) {
      continue;
    }
    longest = std::max(longest, characters(url));
  }
  return longest;
}

std::uint64_t most_of_one_name(std::string_view form) noexcept {
  constexpr std::uint32_t kEmpty = 2166136261U;  // FNV-1a
  std::array<std::uint32_t, 256> counts{};
  std::uint32_t most = 0, sum = kEmpty;
  bool in_name = true;
  const auto count = [&] { most = std::max(most, ++counts[(sum ^ sum >> 16U) & 0xffU]); };
  for (const char c : form) {
    if (c == '&') {
      count();
      sum = kEmpty;
      in_name = true;
    } else if (c == '=') {
      in_name = false;
    } else if (in_name) {
      sum = (sum ^ static_cast<unsigned char>(to_lower(c))) * 16777619U;
    }
  }
  if (!form.empty() && form.back() != '&') count();
  return most;
}

}  // namespace bansoko::proto::http
