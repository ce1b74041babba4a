// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>

namespace bansoko::service {

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

}  // namespace bansoko::service
