// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "lockdown/approved/list.h"
#include "lockdown/scan/found.h"

namespace bansoko::scan {

/// What was found and is not approved, by its content, and was not left as it was before `since` (seconds
/// since 1970, by ctime, which no program can set; 0: whatever its age). Places of `scan.found`. Pure.
std::vector<std::size_t> unapproved(const Scan& scan, const approved::List& list, std::int64_t since);

}  // namespace bansoko::scan
