// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/unique_fd.h"
#include "lockdown/harden/trace_record.h"

namespace bansoko::harden {

/// Hears tracepoints on all processors through perf_event_open(2): no program is stopped or traced, and the
/// service need not be restarted. A ring of 512 KiB per processor; what it has no room for is lost, and told.
class Ear {
 public:
  /// One tracepoint and the kernel's filter for it, or none.
  struct Point {
    std::uint16_t number = 0;
    std::string filter = {};
  };

  /// The first of `points` is the one that set_filter() is for.
  static Result<Ear> open(std::span<const Point> points);

  Ear(Ear&&) noexcept = default;
  Ear& operator=(Ear&&) = delete;
  ~Ear();

  /// What was heard, after a wait of up to `longest`, in the order of its time on all processors. For that,
  /// what came since the last call is held back until the next one, but for the `last`.
  void listen(std::chrono::milliseconds longest, bool last,
              const std::function<void(const TraceRecord&)>& sink);

  /// Leaves out of the first point what the filter does not fit. Fails where the kernel does not take it.
  Result<> set_filter(const std::string& filter);

 private:
  struct Ring {
    UniqueFd main = {};
    std::vector<UniqueFd> others = {};
    void* pages = nullptr;
  };

  Ear() = default;
  Result<Ring> open_ring(int processor, std::span<const Point> points);
  static void drain(Ring& ring, std::vector<std::uint8_t>& bytes);

  std::vector<Ring> rings_;
  std::vector<TraceRecord> held_;
  std::uint64_t complete_until_ = 0;  ///< all rings were emptied after this time
  bool tells_exec_ = true;            ///< Linux 3.16 and later tell an exec from a new name
};

}  // namespace bansoko::harden
