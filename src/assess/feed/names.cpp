// SPDX-License-Identifier: Apache-2.0
#include "assess/feed/names.h"

#include <algorithm>

#include "base/text.h"

namespace bansoko::feed {
namespace {

constexpr std::size_t kYear = 4, kFewest = 4, kMost = 12;  // digits

bool digits_only(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

std::string cve_of(std::string_view text) {
  text = trim(text);
  if (text.size() < 3 || !same_text(text.substr(0, 3), "CVE")) return {};
  text.remove_prefix(3);
  if (text.starts_with('-')) text.remove_prefix(1);
  if (text.size() < kYear) return {};
  const std::string_view year = text.substr(0, kYear);
  text.remove_prefix(kYear);
  if (text.starts_with('-')) text.remove_prefix(1);
  if (text.size() < kFewest || text.size() > kMost || !digits_only(year) || !digits_only(text)) return {};
  return "CVE-" + std::string(year) + "-" + std::string(text);
}

}  // namespace bansoko::feed
