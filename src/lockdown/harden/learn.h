// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "base/result.h"
#include "lockdown/harden/facts.h"

namespace bansoko::harden {

/// Hears the system calls of a service for a time. `start`, if there is one, is run once while listening: it
/// restarts the service, so that its start is heard, too. `seconds` and `saw_start` of what it gives are set;
/// calls_of_every_program() are not in it.
/// For x86-64 only.
Result<Learned> learn(const std::string& control_group, std::chrono::seconds time,
                      const std::function<Result<>()>& start);

/// Whether /proc/PID/cgroup names the group, or one below it, in any hierarchy.
bool is_in_group(const std::string& cgroup_file, const std::string& control_group);

}  // namespace bansoko::harden
