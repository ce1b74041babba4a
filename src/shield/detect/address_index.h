// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "shield/rule/address_set.h"

namespace bansoko::detect {

/// Which rules name an address. One binary search instead of one test per rule.
class AddressIndex {
 public:
  struct Entry {
    const rule::AddressSet* addresses;
    std::uint32_t rule;
  };

  AddressIndex() = default;
  explicit AddressIndex(std::span<const Entry> entries);

  std::span<const std::uint32_t> find(const packet::Address& address) const noexcept;

 private:
  std::vector<packet::Address> starts_;  // of runs with the same rules, ascending
  std::vector<std::uint32_t> first_;     // by run, into rules_; one more at the end
  std::vector<std::uint32_t> rules_;
};

}  // namespace bansoko::detect
