// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace bansoko::engine {

/// Signature ids that are those of the library of virtual patches alone.
inline constexpr std::uint32_t kFirstPatchSid = 9'100'000;
inline constexpr std::uint32_t kLastPatchSid = 9'199'999;

constexpr bool is_of_patch(std::uint32_t gid, std::uint32_t sid) noexcept {
  return gid == 1 && sid >= kFirstPatchSid && sid <= kLastPatchSid;
}

}  // namespace bansoko::engine
