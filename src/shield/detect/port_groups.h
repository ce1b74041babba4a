// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "base/lazy_array.h"
#include "shield/detect/literal_group.h"
#include "shield/rule/port_set.h"

namespace bansoko::detect {

/// Rules by the port they ask for, in a bounded number of groups: each port has the one group that holds all
/// rules which may apply to it (and as few others as the bound allows).
class PortGroups {
 public:
  struct Entry {
    LiteralGroup::Entry literal;
    rule::PortSet ports;
  };

  /// More groups mean smaller databases, and more of them.
  static constexpr std::size_t kMaxGroups = 4;

  static Result<PortGroups> compile(std::span<const Entry> entries, pattern::LiteralDatabases& databases);

  const LiteralGroup& at(std::uint16_t port) const noexcept { return groups_[group_of_[port]]; }
  std::span<const LiteralGroup> groups() const noexcept { return groups_; }

 private:
  LazyArray<std::uint8_t> group_of_{65536};
  std::vector<LiteralGroup> groups_{1};
};

}  // namespace bansoko::detect
