// SPDX-License-Identifier: Apache-2.0
#include "shield/detect/address_index.h"

#include <algorithm>
#include <array>
#include <optional>
#include <set>

#include "base/bytes.h"

namespace bansoko::detect {
namespace {

/// The address after this one; nothing after the last.
std::optional<packet::Address> after(packet::Address address) noexcept {
  for (auto byte = address.bytes.rbegin(); byte != address.bytes.rend(); ++byte)
    if (++*byte != 0) return address;
  return std::nullopt;
}

/// A rule's set begins at an address, or ends before it.
struct Change {
  std::array<std::uint64_t, 2> at;  // the address as a number, for it is compared often
  std::uint32_t rule = 0;
  bool begins = false;
};

std::array<std::uint64_t, 2> number_of(const packet::Address& address) noexcept {
  ByteReader bytes(address.bytes);
  const std::uint64_t high = bytes.u64();
  return {high, bytes.u64()};
}

packet::Address address_of(const std::array<std::uint64_t, 2>& number) noexcept {
  packet::Address address;
  for (std::size_t byte = 0; byte < address.bytes.size(); ++byte)
    address.bytes[byte] = static_cast<std::uint8_t>(number[byte / 8] >> (56 - byte % 8 * 8));
  return address;
}

/// In order of addresses. A set's ranges do not touch, so no rule ends where it begins.
std::vector<Change> changes_of(std::span<const AddressIndex::Entry> entries) {
  std::vector<Change> changes;
  for (const AddressIndex::Entry& entry : entries)
    for (const auto& range : entry.addresses->ranges()) {
      changes.push_back({number_of(range.first), entry.rule, true});
      if (const auto next = after(range.last)) changes.push_back({number_of(*next), entry.rule, false});
    }
  std::ranges::sort(changes, [](const Change& a, const Change& b) {
    return a.at[0] != b.at[0] ? a.at[0] < b.at[0] : a.at[1] < b.at[1];
  });
  return changes;
}

}  // namespace

AddressIndex::AddressIndex(std::span<const Entry> entries) {
  const std::vector<Change> changes = changes_of(entries);
  std::set<std::uint32_t> now;
  for (auto change = changes.begin(); change != changes.end();) {
    const auto at = change->at;
    for (; change != changes.end() && change->at == at; ++change) {
      if (change->begins)
        now.insert(change->rule);
      else
        now.erase(change->rule);
    }
    starts_.push_back(address_of(at));
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
