// SPDX-License-Identifier: Apache-2.0
#include "shield/detect/port_groups.h"

#include <algorithm>
#include <bit>
#include <functional>
#include <limits>
#include <map>
#include <set>

namespace bansoko::detect {
namespace {

/// Entries that ask for the same ports.
struct PortClass {
  const rule::PortSet* ports = nullptr;
  std::vector<std::size_t> entries;
};

/// Which classes apply, one bit each.
using Members = std::vector<std::uint64_t>;

std::vector<PortClass> classes_of(std::span<const PortGroups::Entry> entries) {
  std::vector<PortClass> classes;
  std::map<std::vector<std::uint32_t>, std::size_t> known;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    std::vector<std::uint32_t> ranges{entries[i].ports.is_any() ? 1U : 0U};
    for (const auto& range : entries[i].ports.ranges())
      ranges.insert(ranges.end(), {range.first, range.last});
    const auto [place, is_new] = known.try_emplace(std::move(ranges), classes.size());
    if (is_new) classes.push_back({&entries[i].ports, {}});
    classes[place->second].entries.push_back(i);
  }
  return classes;
}

/// Every port at which the set of rules that apply may change.
std::vector<std::uint32_t> boundaries(std::span<const PortClass> classes) {
  std::set<std::uint32_t> found{0, 65536};
  for (const PortClass& one : classes)
    for (const auto& range : one.ports->ranges()) {
      found.insert(range.first);
      found.insert(range.last + 1U);
    }
  return {found.begin(), found.end()};
}

Members members_at(std::span<const PortClass> classes, std::uint16_t port) {
  Members members((classes.size() + 63) / 64, 0);
  for (std::size_t i = 0; i < classes.size(); ++i)
    if (classes[i].ports->contains(port)) members[i / 64] |= std::uint64_t{1} << (i % 64);
  return members;
}

template <class F>
void for_each_member(const Members& members, F&& use) {
  for (std::size_t word = 0; word < members.size(); ++word)
    for (std::uint64_t left = members[word]; left != 0; left &= left - 1)
      use(word * 64 + static_cast<std::size_t>(std::countr_zero(left)));
}

/// Makes few sets of many: again and again the two whose union adds the fewest rules to the ports of either.
class Merging {
 public:
  Merging(std::vector<Members> sets, std::span<const PortClass> classes)
      : sets_(std::move(sets)), classes_(classes) {
    for (std::size_t i = 0; i < sets_.size(); ++i) alive_.push_back(i);
    into_ = alive_;
    nearest_.resize(sets_.size());
    if (alive_.size() > kMostCompared) fold_the_lightest();
    for (const std::size_t set : alive_) find_nearest(set);
  }

  void reduce_to(std::size_t most) {
    while (alive_.size() > most) {
      const std::size_t kept =
          *std::ranges::min_element(alive_, {}, [this](std::size_t set) { return nearest_[set].cost; });
      merge(kept, nearest_[kept].other);
    }
  }

  std::span<const std::size_t> left() const noexcept { return alive_; }
  const Members& members(std::size_t set) const noexcept { return sets_[set]; }
  /// The place in left() of the set that this one has become part of.
  std::size_t place_of(std::size_t set) const noexcept {
    while (into_[set] != set) set = into_[set];
    return static_cast<std::size_t>(std::ranges::find(alive_, set) - alive_.begin());
  }

 private:
  struct Nearest {
    std::size_t other = 0;
    std::size_t cost = std::numeric_limits<std::size_t>::max();
  };

  /// Comparing all with all takes its time with the cube of their number. Of more than these the lightest
  /// each join the nearest of the heaviest.
  static constexpr std::size_t kMostCompared = 128;

  void fold_the_lightest() {
    const Members nothing(sets_.front().size(), 0);
    std::vector<std::size_t> weights;
    for (const Members& members : sets_) weights.push_back(cost(members, nothing));
    std::ranges::stable_sort(alive_, std::greater{}, [&weights](std::size_t set) { return weights[set]; });
    const std::vector<std::size_t> light(alive_.begin() + kMostCompared, alive_.end());
    alive_.resize(kMostCompared);
    for (const std::size_t set : light) {
      find_nearest(set);
      into_[set] = nearest_[set].other;
    }
    for (const std::size_t set : light) unite(sets_[into_[set]], sets_[set]);
    std::ranges::sort(alive_);
  }

  static void unite(Members& into, const Members& from) {
    for (std::size_t word = 0; word < into.size(); ++word) into[word] |= from[word];
  }

  // What the ports of either would have to bear beyond their own: the rules that only one of them has.
  std::size_t cost(const Members& a, const Members& b) const {
    std::size_t rules = 0;
    for (std::size_t word = 0; word < a.size(); ++word)
      for (std::uint64_t left = a[word] ^ b[word]; left != 0; left &= left - 1)
        rules += classes_[word * 64 + static_cast<std::size_t>(std::countr_zero(left))].entries.size();
    return rules;
  }

  void find_nearest(std::size_t set) {
    nearest_[set] = {};
    for (const std::size_t other : alive_) {
      if (other == set) continue;
      const std::size_t found = cost(sets_[set], sets_[other]);
      if (found < nearest_[set].cost) nearest_[set] = {other, found};
    }
  }

  void merge(std::size_t kept, std::size_t gone) {
    unite(sets_[kept], sets_[gone]);
    into_[gone] = kept;
    std::erase(alive_, gone);
    for (const std::size_t set : alive_) {
      if (set == kept || nearest_[set].other == gone || nearest_[set].other == kept) find_nearest(set);
      if (set == kept) continue;
      const std::size_t found = cost(sets_[set], sets_[kept]);
      if (found < nearest_[set].cost) nearest_[set] = {kept, found};
    }
  }

  std::vector<Members> sets_;
  std::span<const PortClass> classes_;
  std::vector<std::size_t> alive_;
  std::vector<std::size_t> into_;  // by set: the one it was merged into, or itself
  std::vector<Nearest> nearest_;
};

}  // namespace

Result<PortGroups> PortGroups::compile(std::span<const Entry> entries, pattern::LiteralDatabases& databases) {
  PortGroups made;
  const auto classes = classes_of(entries);
  const auto edges = boundaries(classes);
  std::map<Members, std::size_t> known;
  std::vector<Members> sets;
  std::vector<std::size_t> set_of_edge;
  for (std::size_t i = 0; i + 1 < edges.size(); ++i) {
    auto members = members_at(classes, static_cast<std::uint16_t>(edges[i]));
    const auto [place, is_new] = known.try_emplace(members, sets.size());
    if (is_new) sets.push_back(std::move(members));
    set_of_edge.push_back(place->second);
  }
  Merging merging(std::move(sets), classes);
  merging.reduce_to(kMaxGroups);
  made.groups_.clear();
  for (const std::size_t set : merging.left()) {
    std::vector<std::size_t> members;
    for_each_member(merging.members(set), [&](std::size_t one) {
      members.insert(members.end(), classes[one].entries.begin(), classes[one].entries.end());
    });
    std::ranges::sort(members);  // the order of rules is that of the file
    std::vector<LiteralGroup::Entry> chosen;
    chosen.reserve(members.size());
    for (const std::size_t entry : members) chosen.push_back(entries[entry].literal);
    BANSOKO_TRY(auto group, LiteralGroup::compile(chosen, databases));
    made.groups_.push_back(std::move(group));
  }
  for (std::size_t i = 0; i + 1 < edges.size(); ++i)
    if (const std::size_t group = merging.place_of(set_of_edge[i]); group != 0)
      std::ranges::fill(made.group_of_.part(edges[i], edges[i + 1] - edges[i]),
                        static_cast<std::uint8_t>(group));
  return made;
}

}  // namespace bansoko::detect
