// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <chrono>

namespace bansoko::engine {

/// The time by which flows and counts age: that of the frames, without the jumps of the wall clock that
/// stamped them. It never runs back.
class TimeLine {
 public:
  using Time = std::chrono::nanoseconds;

  /// Frames out of order in a capture lie closer together than this.
  static constexpr Time kOutOfOrder = std::chrono::seconds(60);

  /// The time of a frame that was stamped `wall`. A capture whose stamps run back goes on from where it was.
  Time at(Time wall) noexcept {
    Time time = wall - jumped_;
    if (is_live_) time = std::min(time, now_);  // stamped before a jump that is known already
    if (!is_live_ && began_ && time < now_ - kOutOfOrder) {
      jumped_ += time - now_;
      time = now_;
    }
    if (began_) time = std::max(time, now_ - kOutOfOrder);
    if (!is_live_) now_ = began_ ? std::max(now_, time) : time;
    began_ = true;
    return time;
  }

  /// Live, before each batch: both clocks at this moment. Gives by how much the wall clock has jumped since
  /// the last call, zero but for a step of more than a second.
  Time look(Time wall, Time steady) noexcept {
    const Time apart = wall - steady;
    Time jump{};
    if (is_live_ && (apart - apart_ > kStep || apart_ - apart > kStep)) jump = apart - apart_;
    // Small corrections, as of a clock that is being disciplined, are part of the time.
    apart_ = apart;
    jumped_ += jump;
    now_ = is_live_ ? std::max(now_, wall - jumped_) : wall - jumped_;
    is_live_ = began_ = true;
    return jump;
  }

  /// What the wall clock says, or said, at `time`.
  Time wall_of(Time time) const noexcept { return time + jumped_; }
  Time now() const noexcept { return now_; }

 private:
  static constexpr Time kStep = std::chrono::seconds(1);

  bool is_live_ = false;
  bool began_ = false;
  Time now_{};
  Time apart_{};   // wall from steady clock, at the last look
  Time jumped_{};  // all jumps together
};

}  // namespace bansoko::engine
