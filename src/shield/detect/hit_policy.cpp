// SPDX-License-Identifier: Apache-2.0
#include "shield/detect/hit_policy.h"

#include <algorithm>

namespace bansoko::detect {

bool contains(const SidRanges& ranges, std::uint32_t sid) noexcept {
  return std::ranges::any_of(
      ranges, [sid](const SidRange& range) { return range.first <= sid && sid <= range.last; });
}

bool HitPolicy::is_observed(std::uint32_t sid, const packet::Address& source,
                            const packet::Address& dest) const noexcept {
  return contains(observed, sid) || observed_hosts.contains(source) || observed_hosts.contains(dest);
}

}  // namespace bansoko::detect
