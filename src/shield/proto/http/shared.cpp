// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/http/shared.h"

namespace bansoko::proto::http {

DecoderPool::DecoderPool(std::size_t most) : most_(most) {
  all_.reserve(most);
  free_.reserve(most);
}

Decoder* DecoderPool::take() {
  if (free_.empty()) {
    if (all_.size() == most_) return nullptr;
    all_.push_back(std::make_unique<Decoder>());
    free_.push_back(all_.back().get());
  }
  Decoder* const decoder = free_.back();
  free_.pop_back();
  decoder->inflater.reset();
  decoder->taken.clear();
  decoder->has_made = decoder->is_plain = decoder->is_over = false;
  return decoder;
}

void DecoderPool::give_back(Decoder* decoder) noexcept { free_.push_back(decoder); }

}  // namespace bansoko::proto::http
