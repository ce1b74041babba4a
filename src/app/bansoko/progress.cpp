// SPDX-License-Identifier: Apache-2.0
#include "app/bansoko/progress.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <system_error>

#include <fmt/core.h>

#include "app/bansoko/output.h"
#include "base/printable.h"

namespace bansoko::app {
namespace {

constexpr std::chrono::milliseconds kPause{100};
constexpr std::size_t kWidth = 30;
constexpr double kMebi = 1024.0 * 1024.0;
constexpr std::uint64_t kRecordHeader = 16;  // of a packet in a classic capture

}  // namespace

ProgressBar::ProgressBar(const std::vector<std::string>& captures) : captures_(captures) {
  for (const std::string& path : captures) {
    std::error_code error;
    const bool known = path.size() < 3 || path.compare(path.size() - 3, 3, ".gz") != 0;
    const auto size = known ? std::filesystem::file_size(path, error) : 0;
    sizes_.push_back(error ? 0 : size);
  }
}

void ProgressBar::show(const engine::ReplayProgress& at) {
  const auto now = std::chrono::steady_clock::now();
  if (now < next_) return;
  next_ = now + kPause;
  shown_ = true;
  const std::uint64_t size = sizes_[at.capture];
  std::string bar;
  if (size != 0) {
    const std::uint64_t read = at.bytes + at.packets * kRecordHeader;
    const auto share = std::min(1.0, static_cast<double>(read) / static_cast<double>(size));
    const auto full = static_cast<std::size_t>(share * static_cast<double>(kWidth));
    bar = fmt::format(" [{}{}] {:3.0f} %", std::string(full, '#'), std::string(kWidth - full, ' '),
                      share * 100);
  }
  fmt::print(stderr, "\r\x1b[K{}/{} {}{} {} packets, {:.0f} MiB", at.capture + 1, captures_.size(),
             printable(captures_[at.capture]), bar, at.packets, static_cast<double>(at.bytes) / kMebi);
  static_cast<void>(std::fflush(stderr));
}

void ProgressBar::finish() {
  if (shown_) fmt::print(stderr, "\r\x1b[K");
}

}  // namespace bansoko::app
