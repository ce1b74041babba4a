// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/log.h"
#include "base/result.h"
#include "shield/engine/daemon.h"
#include "shield/engine/settings.h"

namespace bansoko::engine {

/// Runs the daemon in a child process until SIGTERM or SIGINT, and starts it anew when it dies or hangs. A
/// hung one is ended within `hang_time`; until the next is up the tables in the kernel do as on_failure.hang
/// says, after a death as on_failure.crash does. The settings are read again each time; while they cannot be,
/// the last ones hold. Fails when the first engine does not come up. Call it before any thread is started.
Result<> supervise(const ShieldSettings& settings, const ReadSettings& read_settings, const log::Logger& log);

}  // namespace bansoko::engine
