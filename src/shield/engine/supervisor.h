// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>

#include "base/log.h"
#include "base/result.h"
#include "shield/engine/daemon.h"
#include "shield/engine/settings.h"

namespace bansoko::engine {

/// How long an engine has been silent, told by a watcher that may itself be kept from the processor: a wait
/// that took much longer than it should counts for no more than it should have taken. So a machine that stood
/// still as a whole is no hung engine.
class Silence {
 public:
  using Time = std::chrono::steady_clock::time_point;
  static constexpr std::chrono::milliseconds kLook{100};  // how often is_too_long() is to be asked

  explicit Silence(std::chrono::milliseconds most) noexcept : most_(most) {}

  /// It has said something.
  void end(Time now) noexcept;
  /// It has said nothing. True: for too long.
  bool is_too_long(Time now) noexcept;

 private:
  std::chrono::milliseconds most_;
  std::chrono::steady_clock::duration silent_{};
  Time last_{};
};

/// Runs the daemon in a child process until SIGTERM or SIGINT, and starts it anew when it dies or hangs. A
/// hung one is ended within `hang_time`; until the next is up the tables in the kernel do as on_failure.hang
/// says, after a death as on_failure.crash does. The settings are read again each time; while they cannot be,
/// the last ones hold. Fails when the first engine does not come up. Call it before any thread is started.
Result<> supervise(const ShieldSettings& settings, const ReadSettings& read_settings, const log::Logger& log);

}  // namespace bansoko::engine
