// SPDX-License-Identifier: Apache-2.0
#include "assess/feed/jvn.h"

#include <algorithm>

#include "assess/feed/xml_feed.h"
#include "base/text.h"

namespace bansoko::feed {
namespace {

constexpr std::size_t kMostCves = 1000;  // of one entry; the most that JVN has in one is below 100

}  // namespace

void add_cvss(assess::JapaneseEntry& entry, std::string_view version, std::string_view score,
              std::string_view vector) {
  const auto read = score_of(score);
  if (!read || version.empty()) return;
  auto& place = version.front() == '2' ? entry.cvss2 : entry.cvss3;
  if (!place && version.front() >= '2' && version.front() <= '4') place = {*read, std::string(vector)};
}

void add_cve(assess::JapaneseEntry& entry, std::string_view id) {
  if (!is_cve(id) || entry.cves.size() == kMostCves) return;
  if (std::find(entry.cves.begin(), entry.cves.end(), id) == entry.cves.end()) entry.cves.emplace_back(id);
}

std::string jvn_text(std::string_view text) {
  std::string made(trim(text));
  made.erase(std::remove(made.begin(), made.end(), '\r'), made.end());
  return made;
}

}  // namespace bansoko::feed
