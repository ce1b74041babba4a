// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <vector>

#include "shield/rule/address_set.h"
#include "shield/rule/port_set.h"

namespace bansoko::detect {

/// Which rules name an address or a port. One binary search instead of one test per rule.
///
/// `Set` has sorted ranges() of `first` to `last` that do not touch. `Order` gives, by of(), what values are
/// compared by, and by behind() the same of the value after one (nothing: there is none).
template <class Set, class Order>
class RangeIndex {
 public:
  using Value = decltype(Set::Range::first);
  struct Entry {
    const Set* set;
    std::uint32_t rule;
  };

  RangeIndex() = default;
  explicit RangeIndex(std::span<const Entry> entries) {
    const std::vector<Change> changes = changes_of(entries);
    std::set<std::uint32_t> now;
    for (auto change = changes.begin(); change != changes.end();) {
      const Key at = change->at;
      for (; change != changes.end() && change->at == at; ++change) {
        if (change->begins)
          now.insert(change->rule);
        else
          now.erase(change->rule);
      }
      starts_.push_back(at);
      first_.push_back(static_cast<std::uint32_t>(rules_.size()));
      rules_.insert(rules_.end(), now.begin(), now.end());
    }
    first_.push_back(static_cast<std::uint32_t>(rules_.size()));
  }

  std::span<const std::uint32_t> find(const Value& value) const noexcept {
    const auto next = std::ranges::upper_bound(starts_, Order::of(value));
    if (next == starts_.begin()) return {};
    const auto run = static_cast<std::size_t>(next - starts_.begin() - 1);
    return std::span(rules_).subspan(first_[run], first_[run + 1] - first_[run]);
  }

 private:
  using Key = decltype(Order::of(Value{}));

  /// A rule's set begins at a value, or ends before it.
  struct Change {
    Key at;
    std::uint32_t rule = 0;
    bool begins = false;
  };

  /// In order. A set's ranges do not touch, so no rule ends where it begins.
  static std::vector<Change> changes_of(std::span<const Entry> entries) {
    std::vector<Change> changes;
    for (const Entry& entry : entries)
      for (const auto& range : entry.set->ranges()) {
        changes.push_back({Order::of(range.first), entry.rule, true});
        if (const auto next = Order::behind(range.last)) changes.push_back({*next, entry.rule, false});
      }
    std::ranges::sort(changes, {}, &Change::at);
    return changes;
  }

  std::vector<Key> starts_;           // of runs with the same rules, ascending
  std::vector<std::uint32_t> first_;  // by run, into rules_; one more at the end
  std::vector<std::uint32_t> rules_;
};

/// An address as a number, for it is compared often: its upper and its lower half.
struct AddressOrder {
  using Number = std::array<std::uint64_t, 2>;
  static Number of(const packet::Address& address) noexcept;
  static std::optional<Number> behind(const packet::Address& address) noexcept;
};

struct PortOrder {
  static std::uint16_t of(std::uint16_t port) noexcept { return port; }
  static std::optional<std::uint16_t> behind(std::uint16_t port) noexcept {
    if (port == rule::PortSet::kLast) return std::nullopt;
    return static_cast<std::uint16_t>(port + 1);
  }
};

using AddressIndex = RangeIndex<rule::AddressSet, AddressOrder>;
using PortIndex = RangeIndex<rule::PortSet, PortOrder>;

}  // namespace bansoko::detect
