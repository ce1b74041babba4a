// SPDX-License-Identifier: Apache-2.0
#include "shield/keyword/dcerpc_ndr/path_climb.h"

#include <algorithm>

namespace bansoko::keyword::dcerpc_ndr {

void PathClimb::take(std::uint16_t letter) noexcept {
  if (letter == '\\' || letter == '/') {
    if (!has_begun_) slashes_ = std::min<std::uint8_t>(kSeveral, slashes_ + 1);
    return end_name();
  }
  has_begun_ = true;
  if (letter != '.') only_dots_ = false;
  size_ = std::min<std::uint8_t>(kSeveral, size_ + 1);
}

void PathClimb::end_name() noexcept {
  const bool is_up = only_dots_ && size_ == 2;
  const bool is_name = size_ > 0 && !is_up && !(only_dots_ && size_ == 1);
  const bool is_server = is_name && slashes_ > 1;
  if (is_name) slashes_ = 0;
  size_ = 0;
  only_dots_ = true;
  if (is_name && !is_server) {
    has_entered_ = true;
    ++depth_;
  } else if (is_up && depth_ > 0) {
    --depth_;
  } else if (is_up) {
    climbs_ |= has_entered_;
  }
}

}  // namespace bansoko::keyword::dcerpc_ndr
