// SPDX-License-Identifier: Apache-2.0
#include "assess/content/kev_reader.h"

#include <set>
#include <utility>

#include <fmt/format.h>

namespace bansoko::content {
namespace {

/// A mapping from days to CVEs: days are few and CVEs many.
void read_days(const Node& node, const FaultSink& faults, KnownExploitedList& made) {
  std::set<std::string> seen;
  if (node.kind != Kind::map) {
    faults.add(node, fmt::format("{} stands here", settings::name_of(node.kind)), "{2022-03-03: [CVE-...]}");
    return;
  }
  for (std::size_t i = 0; i < node.keys.size(); ++i) {
    const auto day = read_date(node.keys[i], faults);
    for (const Node& item : items_of(node.items[i], faults)) {
      assess::KnownExploited entry;
      entry.cve = read_cve(item, faults);
      entry.added = day;
      if (!seen.insert(entry.cve).second) faults.add(item, fmt::format("'{}' stands here twice", entry.cve));
      made.entries.push_back(std::move(entry));
    }
  }
}

void mark_ransomware(const Node& list, const FaultSink& faults, KnownExploitedList& made) {
  std::set<std::string, std::less<>> marked;
  for (const Node& item : items_of(list, faults)) marked.insert(read_cve(item, faults));
  for (assess::KnownExploited& entry : made.entries) entry.ransomware = marked.erase(entry.cve) != 0;
  for (const std::string& cve : marked) faults.add(list, fmt::format("'{}' is not in 'added'", cve));
}

}  // namespace

KnownExploitedList read_kev(const std::string& path, Faults& faults) {
  KnownExploitedList made;
  const auto tree = read_content_file(path, faults);
  if (!tree) return made;
  const FaultSink sink(path, faults);
  MapReader map(*tree, sink);
  if (const Node* date = map.require("date")) made.date = read_date(*date, sink);
  if (const Node* added = map.require("added")) read_days(*added, sink, made);
  if (const Node* list = map.require("ransomware")) mark_ransomware(*list, sink, made);
  map.finish();
  return made;
}

}  // namespace bansoko::content
