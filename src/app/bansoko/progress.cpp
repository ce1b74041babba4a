// SPDX-License-Identifier: Apache-2.0
#include "app/bansoko/progress.h"

#include <filesystem>
#include <system_error>

#include <fmt/core.h>

#include "base/printable.h"

namespace bansoko::app {
namespace {

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
  if (!line_.is_due()) return;
  const std::uint64_t size = sizes_[at.capture];
  std::string bar;
  if (size != 0) {
    const std::uint64_t read = at.bytes + at.packets * kRecordHeader;
    bar = " " + bar_of(static_cast<double>(read) / static_cast<double>(size));
  }
  line_.show(fmt::format("{}/{} {}{} {} packets, {:.0f} MiB", at.capture + 1, captures_.size(),
                         printable(captures_[at.capture]), bar, at.packets,
                         static_cast<double>(at.bytes) / kMebi));
}

void ProgressBar::finish() { line_.finish(); }

}  // namespace bansoko::app
