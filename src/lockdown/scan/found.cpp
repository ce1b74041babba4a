// SPDX-License-Identifier: Apache-2.0
#include "lockdown/scan/found.h"

#include <array>

namespace bansoko::scan {

std::string_view name_of(Suspicion suspicion) noexcept {
  constexpr std::array<std::string_view, kSuspicions> kNames{
      "malware", "altered",     "setuid",     "unpackaged",     "temporary",
      "hidden",  "open_to_all", "unverified", "config_changed", "recent"};
  return kNames.at(static_cast<std::size_t>(suspicion));
}

std::string_view name_of(Reason reason) noexcept {
  constexpr std::array<std::string_view, kReasons> kNames{"unreadable", "too_large",  "changing",
                                                          "long_path",  "filesystem", "own_state"};
  return kNames.at(static_cast<std::size_t>(reason));
}

}  // namespace bansoko::scan
