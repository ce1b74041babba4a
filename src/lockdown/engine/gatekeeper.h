// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "base/counter.h"
#include "base/log.h"
#include "base/published.h"
#include "base/unique_fd.h"
#include "lockdown/engine/judge.h"
#include "lockdown/engine/known_files.h"
#include "lockdown/engine/reporter.h"
#include "lockdown/guard/guard.h"

namespace bansoko::lockdown {

/// The signal by which the kernel says that somebody wants to write to a file that we know.
int lease_signal() noexcept;
/// Keeps it, and SIGIO, which comes in its place when too many are queued (fcntl(2), F_SETSIG), from ending
/// this thread and all that it starts later. Call before any other thread is started.
Result<> block_lease_signals();

/// Answers the kernel. One thread takes what is held, and answers at once what it can without reading files;
/// the others are for a few readers, who also answer. No thread but the readers ever opens or reads a file of
/// a watched filesystem.
class Gatekeeper final : private guard::Receiver {
 public:
  struct Limits {
    std::size_t waiting = 4096;  // beyond it on_fault.limit answers
    std::chrono::milliseconds answer_time{30000};
    unsigned readers = 2;
  };
  struct Counters {
    Counter opens, executes;        // that the kernel asked about
    Counter read, allowed, denied;  // read by a reader; told to the kernel
    Counter full, late;             // answered by a limit
    std::array<Counter, policy::kReasons> reasons;
    Counter lost_signals;
  };

  /// All must outlive it.
  Gatekeeper(guard::Guard& guard, Judge& judge, KnownFiles& files, Published<Policy>& policies,
             Reporter& reporter, const log::Logger& log, const Limits& limits);
  /// What is waiting is answered as the policy's on_fault.limit says.
  ~Gatekeeper() override;

  /// Starts the threads.
  Result<> start();
  /// Has the first thread come by within this time?
  bool is_alive(std::chrono::milliseconds within) const noexcept;
  /// Waits until nobody works by a policy older than this one, which has been published.
  void wait_for(std::uint64_t policy_number) const;
  /// Why it had to stop; empty: it has not.
  std::string failure() const;

  const Counters& counters() const noexcept { return counters_; }
  std::size_t waiting() const;

 private:
  using Time = std::chrono::steady_clock::time_point;
  struct Job {
    guard::Held held;
    Time since;
  };
  /// What a reader does now.
  struct Reader {
    std::atomic<std::uint64_t> policy{UINT64_MAX};  // its number; the largest: it rests
    std::mutex mutex;
    std::stop_source stop;
    std::optional<Time> since;
    std::jthread thread;
  };

  void held(guard::Held held) override;
  void take(const std::stop_token& stop);
  void take_signals();
  void read(Reader& reader, const std::stop_token& stop);
  std::optional<Job> next_job(const std::stop_token& stop);
  void settle(guard::Held held, Judged judged, const Policy& policy);
  void settle_by_limit(guard::Held held, const Policy& policy, Counter& counter);
  void end_late();

  guard::Guard& guard_;
  Judge& judge_;
  KnownFiles& files_;
  Published<Policy>& policies_;
  Reporter& reporter_;
  const log::Logger& log_;
  Limits limits_;
  UniqueFd signals_;
  Published<Policy>::Reader policy_;  // of the first thread
  std::atomic<std::int64_t> beat_{0};
  Counters counters_;
  mutable std::mutex mutex_;
  std::condition_variable_any wake_;
  std::deque<Job> jobs_;
  std::string failure_;
  std::vector<std::unique_ptr<Reader>> readers_;
  std::jthread taker_;
};

}  // namespace bansoko::lockdown
