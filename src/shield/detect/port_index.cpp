// SPDX-License-Identifier: Apache-2.0
#include "shield/detect/port_index.h"

#include <algorithm>
#include <map>
#include <set>

namespace bansoko::detect {

PortIndex::PortIndex(std::span<const Entry> entries) {
  struct Change {
    std::vector<std::uint32_t> begins, ends;
  };
  std::map<std::uint32_t, Change> changes;  // behind the last port none is ever looked for
  for (const Entry& entry : entries)
    for (const auto& range : entry.ports->ranges()) {
      changes[range.first].begins.push_back(entry.rule);
      changes[range.last + 1U].ends.push_back(entry.rule);
    }
  changes.erase(65536);
  std::set<std::uint32_t> now;
  for (const auto& [port, change] : changes) {
    for (const std::uint32_t rule : change.ends) now.erase(rule);
    now.insert(change.begins.begin(), change.begins.end());
    starts_.push_back(static_cast<std::uint16_t>(port));
    first_.push_back(static_cast<std::uint32_t>(rules_.size()));
    rules_.insert(rules_.end(), now.begin(), now.end());
  }
  first_.push_back(static_cast<std::uint32_t>(rules_.size()));
}

std::span<const std::uint32_t> PortIndex::find(std::uint16_t port) const noexcept {
  const auto next = std::ranges::upper_bound(starts_, port);
  if (next == starts_.begin()) return {};
  const auto run = static_cast<std::size_t>(next - starts_.begin() - 1);
  return std::span(rules_).subspan(first_[run], first_[run + 1] - first_[run]);
}

}  // namespace bansoko::detect
