// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <vector>

#include "shield/pattern/regex.h"

namespace bansoko::pattern {

/// Expressions that are yet to become machine code: one thread compiles rules and adds them, another makes
/// the code, and nobody searches before both are done.
class MachineCodeQueue {
 public:
  void add(std::shared_ptr<Regex> regex);
  /// No more will come.
  void close();
  /// Makes the code of all that are added, until the queue is closed and empty.
  void work();

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::shared_ptr<Regex>> waiting_;
  bool closed_ = false;
};

}  // namespace bansoko::pattern
