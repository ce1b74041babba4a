// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "lockdown/approved/list.h"
#include "lockdown/engine/settings.h"
#include "lockdown/scan/found.h"

namespace bansoko::app {

/// Everything on this machine's disks that can execute; `paths` empty: all of them. Files that were scanned
/// before and have not changed are not read again.
Result<scan::Scan> scan_of_disk(const lockdown::LockdownSettings& settings, std::vector<std::string> paths);

/// As a line: what it is, where, and what is suspicious about it.
std::string line_of(const scan::Found& found);

}  // namespace bansoko::app
