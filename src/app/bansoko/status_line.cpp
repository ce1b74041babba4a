// SPDX-License-Identifier: Apache-2.0
#include "app/bansoko/status_line.h"

#include <algorithm>
#include <cstdio>

#include <fmt/core.h>

namespace bansoko::app {
namespace {

constexpr std::chrono::milliseconds kPause{100};
constexpr std::size_t kWidth = 30;

}  // namespace

std::string bar_of(double share) {
  share = std::clamp(share, 0.0, 1.0);
  const auto full = static_cast<std::size_t>(share * static_cast<double>(kWidth));
  return fmt::format("[{}{}] {:3.0f} %", std::string(full, '#'), std::string(kWidth - full, ' '),
                     share * 100);
}

bool StatusLine::is_due() {
  const auto now = std::chrono::steady_clock::now();
  if (now < next_) return false;
  next_ = now + kPause;
  return true;
}

void StatusLine::show(std::string_view text) {
  shown_ = true;
  fmt::print(stderr, "\r\x1b[K{}", text);
  static_cast<void>(std::fflush(stderr));
}

void StatusLine::finish() {
  if (shown_) fmt::print(stderr, "\r\x1b[K");
  shown_ = false;
}

}  // namespace bansoko::app
