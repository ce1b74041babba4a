// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/memory_budget.h"

#include <algorithm>
#include <utility>

namespace bansoko::proto {
namespace {
constexpr std::size_t kLeastCapacity = 512;
}

BudgetedBytes::BudgetedBytes(MemoryBudget& budget, std::size_t fixed) : budget_(budget), fixed_(fixed) {
  move_to(fixed);
}

bool BudgetedBytes::append(Bytes bytes, std::size_t most, std::size_t leave) {
  const std::size_t needed = size_ + bytes.size();
  if (needed > capacity_) {
    const std::size_t ample = std::max(needed, std::min(std::max(capacity_ * 2, kLeastCapacity), most));
    const std::size_t capacity = budget_.take(ample - capacity_, leave)    ? ample
                                 : budget_.take(needed - capacity_, leave) ? needed
                                                                           : 0;
    if (capacity == 0) return false;
    move_to(capacity);
  }
  std::copy(bytes.begin(), bytes.end(), bytes_.get() + size_);
  size_ = needed;
  return true;
}

// Not zeroed: what is read was written before.
void BudgetedBytes::move_to(std::size_t capacity) {
  auto now = capacity == 0 ? nullptr : std::make_unique_for_overwrite<std::uint8_t[]>(capacity);
  std::copy_n(bytes_.get(), size_, now.get());
  bytes_ = std::move(now);
  capacity_ = capacity;
}

void BudgetedBytes::release() {
  size_ = 0;
  if (capacity_ == fixed_) return;
  budget_.give_back(capacity_ - fixed_);
  move_to(fixed_);
}

}  // namespace bansoko::proto
