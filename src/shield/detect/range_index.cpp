// SPDX-License-Identifier: Apache-2.0
#include "shield/detect/range_index.h"

#include <algorithm>
#include <limits>
#include <map>
#include <optional>
#include <set>

namespace bansoko::detect {
namespace {

/// The address after this one; nothing after the last.
std::optional<packet::Address> after(packet::Address address) noexcept {
  for (auto byte = address.bytes.rbegin(); byte != address.bytes.rend(); ++byte)
    if (++*byte != 0) return address;
  return std::nullopt;
}

std::optional<std::uint16_t> after(std::uint16_t port) noexcept {
  if (port == std::numeric_limits<std::uint16_t>::max()) return std::nullopt;
  return static_cast<std::uint16_t>(port + 1);
}

}  // namespace

template <class Set, class Bound>
RangeIndex<Set, Bound>::RangeIndex(std::span<const Entry> entries) {
  struct Change {
    std::vector<std::uint32_t> begins, ends;
  };
  std::map<Bound, Change> changes;
  for (const Entry& entry : entries)
    for (const auto& range : entry.set->ranges()) {
      changes[range.first].begins.push_back(entry.rule);
      if (const auto next = after(range.last)) changes[*next].ends.push_back(entry.rule);
    }
  std::set<std::uint32_t> now;
  for (const auto& [bound, change] : changes) {
    for (const std::uint32_t rule : change.ends) now.erase(rule);
    now.insert(change.begins.begin(), change.begins.end());
    starts_.push_back(bound);
    first_.push_back(static_cast<std::uint32_t>(rules_.size()));
    rules_.insert(rules_.end(), now.begin(), now.end());
  }
  first_.push_back(static_cast<std::uint32_t>(rules_.size()));
}

template <class Set, class Bound>
std::span<const std::uint32_t> RangeIndex<Set, Bound>::find(const Bound& value) const noexcept {
  const auto next = std::upper_bound(starts_.begin(), starts_.end(), value);
  if (next == starts_.begin()) return {};
  const auto run = static_cast<std::size_t>(next - starts_.begin() - 1);
  return std::span(rules_).subspan(first_[run], first_[run + 1] - first_[run]);
}

template class RangeIndex<rule::AddressSet, packet::Address>;
template class RangeIndex<rule::PortSet, std::uint16_t>;

}  // namespace bansoko::detect
