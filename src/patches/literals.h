// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "patches/library.h"

namespace bansoko::patches {

/// Bytes in a content of ours that may also stand in rules of others. Longer ones look copied.
inline constexpr std::size_t kLongestShared = 12;

/// Finds contents of our rules that are longer than that and also stand in a content of the rule files given,
/// whatever the case; each is a fault unless its patch says that the protocol demands it. Fails where a file
/// cannot be read.
Result<> check_literals(const Library& library, const std::vector<std::string>& files, Faults& faults);

}  // namespace bansoko::patches
