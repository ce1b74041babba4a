// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <set>
#include <string>

#include "assess/model/host.h"

namespace bansoko::inventory {

/// What runs, by the file that it runs from or that it has mapped: which services do.
using FilesInUse = std::map<std::string, std::set<std::string>, std::less<>>;

/// Reads what runs on this host from its /proc (proc(5)): listening sockets and their programs, running
/// services, and as "mapped-old:<library>" the programs that still run with a library that was replaced.
/// Processes that may not be looked into are told as a gap.
FilesInUse read_running(const std::string& proc, assess::Host& host);

}  // namespace bansoko::inventory
