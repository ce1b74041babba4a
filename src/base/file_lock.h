// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>

#include "base/result.h"
#include "base/unique_fd.h"

namespace bansoko {

/// Who holds it is the only one that does. It goes with the process, however that dies.
class FileLock {
 public:
  /// Makes the file (0600) if it is not there. Waits up to `wait` for another to be done; then Errc::denied.
  static Result<FileLock> take(const std::string& path, std::chrono::milliseconds wait);

 private:
  explicit FileLock(UniqueFd file) noexcept : file_(std::move(file)) {}
  UniqueFd file_;
};

}  // namespace bansoko
