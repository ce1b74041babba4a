// SPDX-License-Identifier: Apache-2.0
#include "shield/detect/text_pool.h"

namespace bansoko::detect {

std::string_view TextPool::keep_once(std::string_view text) {
  const auto known = texts_.find(text);
  return known != texts_.end() ? *known : *texts_.insert(keep(text)).first;
}

const TextPool::Setting* TextPool::keep_once(const Setting& setting) {
  if (const auto known = settings_.find(setting); known != settings_.end()) return *known;
  const Setting kept{keep_once(setting.first), keep_once(setting.second)};
  return *settings_.insert(keep_all(std::span(&kept, 1)).data()).first;
}

void TextPool::forget() {
  texts_ = {};
  settings_ = {};
}

}  // namespace bansoko::detect
