// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "shield/rule/address_set.h"
#include "shield/rule/port_set.h"

namespace bansoko::detect {

/// Which rules name an address, or a port. One binary search instead of one test per rule.
template <class Set, class Bound>
class RangeIndex {
 public:
  struct Entry {
    const Set* set;
    std::uint32_t rule;
  };

  RangeIndex() = default;
  explicit RangeIndex(std::span<const Entry> entries);

  std::span<const std::uint32_t> find(const Bound& value) const noexcept;

 private:
  std::vector<Bound> starts_;         // of runs with the same rules, ascending
  std::vector<std::uint32_t> first_;  // by run, into rules_; one more at the end
  std::vector<std::uint32_t> rules_;
};

using AddressIndex = RangeIndex<rule::AddressSet, packet::Address>;
using PortIndex = RangeIndex<rule::PortSet, std::uint16_t>;
extern template class RangeIndex<rule::AddressSet, packet::Address>;
extern template class RangeIndex<rule::PortSet, std::uint16_t>;

}  // namespace bansoko::detect
