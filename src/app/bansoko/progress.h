// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "app/bansoko/status_line.h"
#include "shield/engine/replay.h"

namespace bansoko::app {

/// One line on standard error that says how far a replay has come.
class ProgressBar {
 public:
  /// The captures must outlive the bar. Their sizes on disk are the measure where they can be had.
  explicit ProgressBar(const std::vector<std::string>& captures);

  void show(const engine::ReplayProgress& at);
  void finish();

 private:
  const std::vector<std::string>& captures_;
  std::vector<std::uint64_t> sizes_;  // 0: not known
  StatusLine line_;
};

}  // namespace bansoko::app
