// SPDX-License-Identifier: Apache-2.0
#include "service/silence.h"

#include <algorithm>

namespace bansoko::service {

void Silence::end(Time now) noexcept {
  silent_ = {};
  last_ = now;
}

bool Silence::is_too_long(Time now) noexcept {
  silent_ += std::min<std::chrono::steady_clock::duration>(now - last_, 2 * kLook);
  last_ = now;
  return silent_ >= most_;
}

}  // namespace bansoko::service
