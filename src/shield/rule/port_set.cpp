// SPDX-License-Identifier: Apache-2.0
#include "shield/rule/port_set.h"

#include <optional>
#include <utility>

#include "shield/rule/ranges.h"

namespace bansoko::rule {
namespace {

struct NextPort {
  static std::optional<std::uint16_t> after(std::uint16_t port) noexcept {
    if (port == PortSet::kLast) return {};
    return static_cast<std::uint16_t>(port + 1);
  }
  static std::optional<std::uint16_t> before(std::uint16_t port) noexcept {
    if (port == 0) return {};
    return static_cast<std::uint16_t>(port - 1);
  }
};

}  // namespace

PortSet::PortSet() : ranges_{{0, PortSet::kLast}} {}

PortSet::PortSet(std::vector<Range> ranges)
    : ranges_(joined<NextPort>(std::move(ranges))),
      any_(ranges_.size() == 1 && ranges_.front() == Range{0, PortSet::kLast}) {}

bool PortSet::contains(std::uint16_t port) const noexcept { return any_ || holds(ranges_, port); }

PortSet PortSet::without(const PortSet& other) const {
  return PortSet(subtracted<NextPort>(ranges_, other.ranges_));
}

}  // namespace bansoko::rule
