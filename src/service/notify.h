// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace bansoko::service {

/// Talks to systemd by its documented datagrams (sd_notify(3)); silent where systemd is not there.
class Notifier {
 public:
  /// `socket` as in NOTIFY_SOCKET, `watchdog` as in WATCHDOG_USEC; empty: absent.
  Notifier(std::string socket, std::string_view watchdog);

  /// As the environment says.
  static Notifier from_environment();

  /// "READY=1", "STOPPING=1", "STATUS=…", "WATCHDOG=1".
  Result<> send(std::string_view state) const;

  /// How often systemd wants to hear from us at least.
  std::optional<std::chrono::microseconds> watchdog() const noexcept { return watchdog_; }

 private:
  std::string socket_;
  std::optional<std::chrono::microseconds> watchdog_;
};

}  // namespace bansoko::service
