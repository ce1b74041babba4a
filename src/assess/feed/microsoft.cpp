// SPDX-License-Identifier: Apache-2.0
#include "assess/feed/microsoft.h"

#include <algorithm>

#include "base/text.h"

namespace bansoko::feed {
namespace {

// The first articles of fixes in bulletins have six digits (1998); those of today have seven.
constexpr std::size_t kFewestDigits = 6, kMostDigits = 8;
constexpr std::size_t kMostKbs = 1000;  // of one text

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

bool is_kb(std::string_view text) noexcept {
  return text.size() >= kFewestDigits && text.size() <= kMostDigits &&
         std::all_of(text.begin(), text.end(), is_digit);
}

}  // namespace

std::string kb_of(std::string_view text) {
  text = trim(text);
  if (text.size() > 2 && same_text(text.substr(0, 2), "KB")) text = trim(text.substr(2));
  if (text.starts_with('Q')) text.remove_prefix(1);  // as articles were called until 2002
  return is_kb(text) ? std::string(text) : std::string();
}

std::vector<std::string> kbs_in(std::string_view text) {
  std::vector<std::string> all;
  while (!text.empty() && all.size() < kMostKbs) {
    const auto end =
        static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_digit) - text.begin());
    const std::string_view number = text.substr(0, end);
    if (is_kb(number) && std::find(all.begin(), all.end(), number) == all.end()) all.emplace_back(number);
    text.remove_prefix(std::max<std::size_t>(end, 1));
  }
  return all;
}

}  // namespace bansoko::feed
