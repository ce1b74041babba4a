// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <tuple>

#include "base/counter.h"
#include "base/log.h"
#include "event/spool.h"
#include "lockdown/engine/judge.h"
#include "service/event_writer.h"

namespace bansoko::lockdown {

/// Tells of decisions after they were answered, in a thread of its own. The same about the same file and
/// program is told once a minute, with how often it was; what does not fit the queue is lost and counted.
class Reporter {
 public:
  static constexpr std::size_t kMostWaiting = 8192;
  static constexpr std::size_t kMostRemembered =
      4096;  // beyond it the one longest not seen is forgotten, and told anew
  static constexpr std::chrono::seconds kRepeatEvery{60};

  /// `log` must outlive it.
  Reporter(const event::SpoolSettings& spool, const log::Logger& log);
  /// Tells what is left.
  ~Reporter();

  void tell(Judged judged, const Policy& policy);
  /// Of the lockdown itself: "lockdown.started".
  void tell(std::string_view name, std::string_view message, std::uint64_t generation);
  void tell(const event::Event& event) { events_.write(event); }

  std::uint64_t lost() const noexcept { return lost_.value() + events_.lost(); }
  std::string fault() const { return events_.fault(); }

 private:
  struct Waiting {
    Judged judged;
    policy::Mode mode = policy::Mode::observe;
    std::uint64_t generation = 0;
    std::chrono::system_clock::time_point time;
  };
  using Same = std::tuple<std::string, std::string, policy::Reason>;  // file, program
  struct Seen {
    std::chrono::steady_clock::time_point told;
    std::uint64_t untold = 0;
  };
  void run(const std::stop_token& stop);
  void write(const Waiting& waiting);
  /// How often it was since it was last told; nothing: it is not told now.
  std::optional<std::uint64_t> count(const Waiting& waiting);

  service::EventWriter events_;
  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::deque<Waiting> waiting_;
  std::map<Same, Seen> seen_;
  Counter lost_;
  std::jthread thread_;
};

}  // namespace bansoko::lockdown
