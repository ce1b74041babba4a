// SPDX-License-Identifier: Apache-2.0
#include "shield/detect/address_index.h"

#include <algorithm>
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

}  // namespace

AddressIndex::AddressIndex(std::span<const Entry> entries) {
  struct Change {
    std::vector<std::uint32_t> begins, ends;
  };
  std::map<packet::Address, Change> changes;
  for (const Entry& entry : entries)
    for (const auto& range : entry.addresses->ranges()) {
      changes[range.first].begins.push_back(entry.rule);
      if (const auto next = after(range.last)) changes[*next].ends.push_back(entry.rule);
    }
  std::set<std::uint32_t> now;
  for (const auto& [address, change] : changes) {
    for (const std::uint32_t rule : change.ends) now.erase(rule);
    now.insert(change.begins.begin(), change.begins.end());
    starts_.push_back(address);
    first_.push_back(static_cast<std::uint32_t>(rules_.size()));
    rules_.insert(rules_.end(), now.begin(), now.end());
  }
  first_.push_back(static_cast<std::uint32_t>(rules_.size()));
}

std::span<const std::uint32_t> AddressIndex::find(const packet::Address& address) const noexcept {
  const auto next = std::upper_bound(starts_.begin(), starts_.end(), address);
  if (next == starts_.begin()) return {};
  const auto run = static_cast<std::size_t>(next - starts_.begin() - 1);
  return std::span(rules_).subspan(first_[run], first_[run + 1] - first_[run]);
}

}  // namespace bansoko::detect
