// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "shield/rule/port_set.h"

namespace bansoko::detect {

/// Which rules name a port. One binary search instead of one test per rule.
class PortIndex {
 public:
  struct Entry {
    const rule::PortSet* ports;
    std::uint32_t rule;
  };

  PortIndex() = default;
  explicit PortIndex(std::span<const Entry> entries);

  std::span<const std::uint32_t> find(std::uint16_t port) const noexcept;

 private:
  std::vector<std::uint16_t> starts_;  // of runs with the same rules, ascending
  std::vector<std::uint32_t> first_;   // by run, into rules_; one more at the end
  std::vector<std::uint32_t> rules_;
};

}  // namespace bansoko::detect
