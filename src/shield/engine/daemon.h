// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>

#include <linux/capability.h>

#include "base/log.h"
#include "base/result.h"
#include "service/privileges.h"
#include "shield/capture/firewall.h"
#include "shield/engine/settings.h"
#include "shield/engine/status.h"

namespace bansoko::engine {

/// What the engine may keep of root: the tables in the kernel, the queues and raw sockets.
inline constexpr service::Capabilities kShieldCapabilities = 1U << CAP_NET_ADMIN | 1U << CAP_NET_RAW;

/// Gives the settings as they stand in the file now.
using ReadSettings = std::function<Result<ShieldSettings>()>;

/// Who watches over a daemon, if anybody does.
struct Watched {
  int pulse = -1;  // a byte is written here at least so often, while all workers make progress
  std::chrono::milliseconds period{};
  Restarts restarts;
};

/// Runs the shield until SIGTERM or SIGINT: binds the queues, tries the canary, only then leads packets to
/// them, and reports to systemd. SIGHUP and the control socket reload the rules. A clean stop takes the
/// firewall away; a crash leaves it, so that blocked flows stay blocked. Call it before any other thread is
/// started.
Result<> run_daemon(const ShieldSettings& settings, const ReadSettings& read_settings, const log::Logger& log,
                    const Watched& watched = {});

/// The tables in the kernel that these settings ask for, with a driver that is led to so.
capture::FirewallSettings firewall_settings(const ShieldSettings& settings, capture::Lead lead);

/// Takes away what a crashed daemon has left behind. Refused while one is running.
Result<> take_down(const ShieldSettings& settings);

}  // namespace bansoko::engine
