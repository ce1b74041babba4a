// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "lockdown/approved/list.h"

namespace bansoko::approved {

/// What one list has and another has not, each by path. The texts are views into the lists.
struct Difference {
  std::vector<Entry> added, removed;
  std::vector<Entry> changed;  // as `after` has it: its path is on both, with other contents
  bool empty() const noexcept { return added.empty() && removed.empty() && changed.empty(); }
};

Difference difference(const List& before, const List& after);

}  // namespace bansoko::approved
