// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <sys/types.h>

#include "lockdown/harden/facts.h"

namespace bansoko::harden {

/// At most so many processes of a service are looked at; what the others do is then not known.
inline constexpr std::size_t kMaxProcesses = 4096;

/// What the mappings of a process (/proc/PID/maps) tell: code that it made itself, files of memory only.
Habits habits_of_maps(std::string_view maps);

/// The process ids in a cgroup and in those below it. `hierarchies` are places where systemd's
/// hierarchy may be mounted; the first one that has the cgroup is taken.
std::vector<pid_t> processes_of(const std::vector<std::string>& hierarchies,
                                const std::string& control_group);

/// Where systemd keeps its cgroups: unified, hybrid, legacy.
std::vector<std::string> systemd_hierarchies();

/// Looks at processes in `proc`. One that ends meanwhile is skipped.
Snapshot look_at(const std::string& proc, const std::vector<pid_t>& pids);

}  // namespace bansoko::harden
