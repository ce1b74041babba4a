// SPDX-License-Identifier: Apache-2.0
#include "shield/detect/text_pool.h"

namespace bansoko::detect {

std::string_view TextPool::keep_once(std::string_view text) {
  const auto known = texts_.find(text);
  return known != texts_.end() ? *known : *texts_.insert(keep(text)).first;
}

void TextPool::forget() { texts_ = {}; }

}  // namespace bansoko::detect
