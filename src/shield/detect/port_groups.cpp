// SPDX-License-Identifier: Apache-2.0
#include "shield/detect/port_groups.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <map>
#include <set>

namespace bansoko::detect {
namespace {

/// Which entries apply, one bit each.
using Members = std::vector<std::uint64_t>;

std::size_t count_of(const Members& members) noexcept {
  std::size_t count = 0;
  for (const std::uint64_t word : members) count += static_cast<std::size_t>(std::popcount(word));
  return count;
}

std::size_t count_of_union(const Members& a, const Members& b) noexcept {
  std::size_t count = 0;
  for (std::size_t i = 0; i < a.size(); ++i) count += static_cast<std::size_t>(std::popcount(a[i] | b[i]));
  return count;
}

/// Every port at which the set of rules that apply may change.
std::vector<std::uint32_t> boundaries(std::span<const PortGroups::Entry> entries) {
  std::set<std::uint32_t> found{0, 65536};
  for (const PortGroups::Entry& entry : entries)
    for (const auto& range : entry.ports.ranges()) {
      found.insert(range.first);
      found.insert(range.last + 1U);
    }
  return {found.begin(), found.end()};
}

Members members_at(std::span<const PortGroups::Entry> entries, std::uint16_t port) {
  Members members((entries.size() + 63) / 64, 0);
  for (std::size_t i = 0; i < entries.size(); ++i)
    if (entries[i].ports.contains(port)) members[i / 64] |= std::uint64_t{1} << (i % 64);
  return members;
}

struct Merge {
  std::size_t into = 0, from = 0;
};

// The two sets whose union adds the fewest rules to the ports of either.
Merge cheapest_merge(const std::vector<Members>& sets) {
  Merge best;
  std::size_t best_cost = std::numeric_limits<std::size_t>::max();
  for (std::size_t a = 0; a < sets.size(); ++a)
    for (std::size_t b = a + 1; b < sets.size(); ++b) {
      const std::size_t cost = 2 * count_of_union(sets[a], sets[b]) - count_of(sets[a]) - count_of(sets[b]);
      if (cost >= best_cost) continue;
      best_cost = cost;
      best = {a, b};
    }
  return best;
}

}  // namespace

Result<PortGroups> PortGroups::compile(std::span<const Entry> entries) {
  PortGroups made;
  const auto edges = boundaries(entries);
  std::map<Members, std::size_t> known;
  std::vector<Members> sets;
  std::vector<std::size_t> set_of_edge;
  for (std::size_t i = 0; i + 1 < edges.size(); ++i) {
    auto members = members_at(entries, static_cast<std::uint16_t>(edges[i]));
    const auto [place, is_new] = known.try_emplace(members, sets.size());
    if (is_new) sets.push_back(std::move(members));
    set_of_edge.push_back(place->second);
  }
  while (sets.size() > kMaxGroups) {
    const auto [into, from] = cheapest_merge(sets);
    for (std::size_t w = 0; w < sets[into].size(); ++w) sets[into][w] |= sets[from][w];
    sets.erase(sets.begin() + static_cast<std::ptrdiff_t>(from));
    for (std::size_t& set : set_of_edge) {
      if (set == from) set = into;
      if (set > from) --set;
    }
  }
  made.groups_.clear();
  for (const Members& members : sets) {
    std::vector<LiteralGroup::Entry> chosen;
    for (std::size_t i = 0; i < entries.size(); ++i)
      if ((members[i / 64] >> (i % 64) & 1) != 0) chosen.push_back(entries[i].literal);
    BANSOKO_TRY(auto group, LiteralGroup::compile(chosen));
    made.groups_.push_back(std::move(group));
  }
  for (std::size_t i = 0; i + 1 < edges.size(); ++i)
    std::fill(made.group_of_.begin() + edges[i], made.group_of_.begin() + edges[i + 1],
              static_cast<std::uint8_t>(set_of_edge[i]));
  return made;
}

}  // namespace bansoko::detect
