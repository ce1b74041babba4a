// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

/// How Microsoft writes what its feeds have in common.
namespace bansoko::feed {

/// "3147461" of "3147461", "KB3147461" or "Q3147461"; "" for what is no such number ("Release Notes").
std::string kb_of(std::string_view text);

/// The KBs that a text names, each once: "MS07-042[936021],MS06-061[924191]", "3140745; 3124266".
std::vector<std::string> kbs_in(std::string_view text);

}  // namespace bansoko::feed
