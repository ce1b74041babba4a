// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/counter.h"
#include "base/log.h"
#include "event/event.h"
#include "event/spool.h"

namespace bansoko::service {

/// Where the daemon's events go. A spool that cannot be opened or written costs events, which are counted,
/// and never protection: it is tried again, also when there is nothing to write, and when it has recovered an
/// event says how many are missing.
class EventWriter {
 public:
  /// `program` names the files of the spool; `log` must outlive the writer.
  EventWriter(event::SpoolSettings settings, std::string_view program, const log::Logger& log);

  /// From any thread.
  void write(const event::Event& event);

  /// Syncs, and removes what is too old or too much. Now and then.
  void maintain();

  std::uint64_t lost() const noexcept { return lost_.value(); }

  /// Why the last event could not be written; empty: it could, or there was none.
  std::string fault() const;
  bool is_failing() const noexcept { return failing_.load(std::memory_order_relaxed); }

 private:
  bool ready();
  bool append(const event::Event& event);
  void try_again();
  void complain(const Error& error);

  event::SpoolSettings settings_;
  std::string program_;
  const log::Logger& log_;
  mutable std::mutex mutex_;
  std::optional<event::SpoolWriter> spool_;
  std::chrono::steady_clock::time_point next_try_{};
  std::chrono::steady_clock::time_point next_complaint_{};
  std::chrono::steady_clock::time_point next_trim_{};
  std::chrono::steady_clock::time_point next_probe_{};
  Counter lost_;
  std::uint64_t lost_before_ = 0;  // when it began to fail
  std::string fault_;
  std::atomic<bool> failing_{false};
};

}  // namespace bansoko::service
