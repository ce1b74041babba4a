// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace bansoko::scan {

/// A foreign program, run with as little as it needs.
struct Confined {
  std::vector<std::string> words = {};        // its path, then its arguments
  std::vector<std::string> environment = {};  // all of it
  std::chrono::steady_clock::time_point until = {};
  std::uint64_t max_output = 0;
};

/// Runs it in a network namespace of its own, without new privileges and with no capability but
/// CAP_DAC_READ_SEARCH; it dies with this process. Hands over each line that it writes to either output.
/// Its exit code. Errc::limit: it was killed, as it took too long or wrote too much. Errc::denied: it could
/// not be confined, and did not run.
Result<int> run_confined(const Confined& program, const std::function<void(std::string_view)>& take_line);

}  // namespace bansoko::scan
