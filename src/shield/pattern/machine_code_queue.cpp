// SPDX-License-Identifier: Apache-2.0
#include "shield/pattern/machine_code_queue.h"

#include <utility>

namespace bansoko::pattern {

void MachineCodeQueue::add(std::shared_ptr<Regex> regex) {
  bool was_empty = false;
  {
    const std::lock_guard lock(mutex_);
    was_empty = waiting_.empty();
    waiting_.push_back(std::move(regex));
  }
  if (was_empty) changed_.notify_one();
}

void MachineCodeQueue::close() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }
  changed_.notify_one();
}

void MachineCodeQueue::work() {
  std::vector<std::shared_ptr<Regex>> taken;
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return closed_ || !waiting_.empty(); });
      if (waiting_.empty()) return;
      taken.swap(waiting_);
    }
    for (const auto& regex : taken) regex->make_machine_code();
    taken.clear();
  }
}

}  // namespace bansoko::pattern
