// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace bansoko::app {

/// "[#####     ]  50 %".
std::string bar_of(double share);

/// One line on standard error that is written anew as work goes on.
class StatusLine {
 public:
  /// Whether it is time to show it again: at most ten times in a second.
  bool is_due();
  void show(std::string_view text);
  /// Takes it away.
  void finish();

 private:
  std::chrono::steady_clock::time_point next_{};
  bool shown_ = false;
};

}  // namespace bansoko::app
