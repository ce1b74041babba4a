// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "base/result.h"

namespace bansoko::harden {

/// How a program ended and what it wrote to both outputs; of more than 1 MiB the rest is dropped.
struct Ended {
  int code = 0;  ///< 128 and more: ended by signal code - 128
  std::string output = {};
};

/// Runs a program (a path, or a name to be found in PATH), without a shell and with nothing to read. One
/// that takes longer is killed with the processes of its group, and that is an error.
Result<Ended> run_program(const std::vector<std::string>& arguments, std::chrono::milliseconds longest);

}  // namespace bansoko::harden
