// SPDX-License-Identifier: Apache-2.0
#include "shield/detect/text_pool.h"

namespace bansoko::detect {

std::string_view TextPool::keep_once(std::string_view text) {
  const auto known = texts_.find(text);
  return known != texts_.end() ? *known : *texts_.insert(keep(text)).first;
}

const TextPool::Setting* TextPool::keep_once(const Setting& setting) {
  const Setting kept{keep_once(setting.first), keep_once(setting.second)};
  const auto [place, is_new] = settings_.try_emplace({kept.first.data(), kept.second.data()}, nullptr);
  if (is_new) place->second = keep_all(std::span(&kept, 1)).data();
  return place->second;
}

void TextPool::forget() {
  texts_ = {};
  settings_ = {};
}

}  // namespace bansoko::detect
