// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>

namespace bansoko::scan {

/// How long to rest so that `used` of the processor is at most `share` of the time that has passed. Pure.
std::chrono::nanoseconds rest_for(std::chrono::nanoseconds used, std::chrono::nanoseconds passed,
                                  double share) noexcept;

/// Keeps a scan out of the way of the machine's work.
class Pacer {
 public:
  static constexpr double kGentleShare = 0.08;  // of one core

  explicit Pacer(bool gentle) noexcept : gentle_(gentle), begun_(std::chrono::steady_clock::now()) {}

  bool gentle() const noexcept { return gentle_; }
  /// Gives the calling thread, and those that it starts, the lowest priority and the disk only while nobody
  /// else wants it (ioprio_set(2), class idle). Does nothing unless gentle.
  void step_back() const noexcept;
  /// To be called after each small piece of work; rests if gentle and too much was used.
  void pause() const;

 private:
  bool gentle_;
  std::chrono::steady_clock::time_point begun_;
};

}  // namespace bansoko::scan
