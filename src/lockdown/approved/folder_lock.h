// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>

#include "base/result.h"
#include "base/unique_fd.h"

namespace bansoko::approved {

/// Who holds it alone writes in the folder. It goes with the process, however that dies.
class FolderLock {
 public:
  /// Waits up to `wait` for another to be done; then Errc::denied.
  static Result<FolderLock> take(const std::string& folder, std::chrono::milliseconds wait);

 private:
  explicit FolderLock(UniqueFd file) noexcept : file_(std::move(file)) {}
  UniqueFd file_;
};

}  // namespace bansoko::approved
