// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <vector>

#include "shield/packet/address.h"

namespace bansoko::rule {

/// A set of addresses as sorted ranges that do not touch; negation is already worked in.
class AddressSet {
 public:
  struct Range {
    packet::Address first, last;  // inclusive
  };

  /// Every address.
  AddressSet();
  /// `ranges` may overlap and come in any order.
  explicit AddressSet(std::vector<Range> ranges);

  bool contains(const packet::Address& address) const noexcept;
  bool is_any() const noexcept { return any_; }
  std::span<const Range> ranges() const noexcept { return ranges_; }

  /// What is in this set and not in `other`.
  AddressSet without(const AddressSet& other) const;

  friend bool operator==(const AddressSet&, const AddressSet&);

 private:
  std::vector<Range> ranges_;
  bool any_ = true;
};

}  // namespace bansoko::rule
