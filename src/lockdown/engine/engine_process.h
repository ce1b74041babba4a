// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/log.h"
#include "base/result.h"
#include "lockdown/engine/daemon.h"
#include "lockdown/guard/fanotify.h"

namespace bansoko::lockdown {

/// What the keeper hands to an engine.
struct EngineStart {
  const LockdownSettings& settings;
  const ReadSettings& read_settings;
  const guard::Group& group;
  const std::vector<std::string>& core;
  /// A byte is written here when the engine answers, which is read before it goes on; one when it is up; then
  /// as long as it lives.
  int pulse = -1;
  std::uint64_t restarts = 0;
  std::string restart_reason;
};

/// The engine until SIGTERM: in a process of its own, without other threads yet.
Result<> run_engine(const EngineStart& start, const log::Logger& log);

}  // namespace bansoko::lockdown
