// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <mutex>
#include <optional>

#include "base/counter.h"
#include "base/log.h"
#include "event/event.h"
#include "event/spool.h"

namespace bansoko::engine {

/// Where the daemon's events go. A spool that cannot be opened or written costs events, which are counted,
/// and never protection: it is tried again every ten seconds.
class EventWriter {
 public:
  /// `log` must outlive the writer.
  EventWriter(event::SpoolSettings settings, const log::Logger& log);

  /// From any thread.
  void write(const event::Event& event);

  /// Syncs, and removes what is too old or too much. Now and then.
  void maintain();

  std::uint64_t lost() const noexcept { return lost_.value(); }

 private:
  bool ready();
  void complain(const Error& error);

  event::SpoolSettings settings_;
  const log::Logger& log_;
  std::mutex mutex_;
  std::optional<event::SpoolWriter> spool_;
  std::chrono::steady_clock::time_point next_try_{};
  std::chrono::steady_clock::time_point next_complaint_{};
  std::chrono::steady_clock::time_point next_trim_{};
  Counter lost_;
};

}  // namespace bansoko::engine
