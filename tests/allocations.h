// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

namespace bansoko {

std::size_t allocations_on_this_thread() noexcept;

/// Counts heap allocations by this thread since it was made.
class AllocationCounter {
 public:
  std::size_t count() const noexcept { return allocations_on_this_thread() - start_; }

 private:
  std::size_t start_ = allocations_on_this_thread();
};

}  // namespace bansoko
