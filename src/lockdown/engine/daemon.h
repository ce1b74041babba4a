// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

#include "base/log.h"
#include "base/result.h"
#include "lockdown/engine/settings.h"

namespace bansoko::lockdown {

/// Gives the settings as they stand in the file now.
using ReadSettings = std::function<Result<LockdownSettings>()>;

/// Runs the lockdown until SIGTERM or SIGINT. The group of fanotify belongs to this process, the keeper,
/// which opens no file while anything is watched; the engine that answers is a child of it. When the engine
/// dies, or is silent for hang_time and is ended, the keeper answers what it left behind and all that comes
/// as on_failure says, until the next engine is up. Fails when the first engine does not come up. Call it
/// before any thread is started.
Result<> run_daemon(const LockdownSettings& settings, const ReadSettings& read_settings,
                    const log::Logger& log);

}  // namespace bansoko::lockdown
