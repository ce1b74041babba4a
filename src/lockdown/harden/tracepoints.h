// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"

namespace bansoko::harden {

/// The numbers of tracepoints ("raw_syscalls/sys_enter"), 0 for one that this kernel lacks. Where the
/// kernel's tracing files are not mounted, a child mounts them for itself alone. Fails where the kernel has
/// none.
Result<std::vector<std::uint16_t>> tracepoint_numbers(const std::vector<std::string>& names);

}  // namespace bansoko::harden
