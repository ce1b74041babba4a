// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/rpc/record_stream.h"

#include <algorithm>

namespace bansoko::proto::rpc {

void RecordStream::reset(bool release) {
  release ? held_.release() : held_.clear();
  mark_ = left_ = 0;
  mark_bytes_ = 0;
  is_last_ = is_told_ = is_over_ = is_lost_ = false;
}

/// Within what is left out anyway nothing is lost.
void RecordStream::lose(std::uint32_t size) noexcept {
  if (!is_lost_ && is_told_ && mark_bytes_ == kMarkSize && size < left_) {
    left_ -= size;
    return;
  }
  reset(false);
  is_lost_ = true;
}

RecordStream::Taken RecordStream::take(Bytes bytes) {
  if (is_over_) held_.clear();
  if (is_over_) is_over_ = is_told_ = false;
  return mark_bytes_ < kMarkSize ? take_mark(bytes.front()) : take_fragment(bytes);
}

RecordStream::Taken RecordStream::take_mark(std::uint8_t byte) {
  mark_ = mark_ << 8U | byte;
  if (++mark_bytes_ < kMarkSize) return {.used = 1};
  is_last_ = (mark_ >> 31U) != 0;
  left_ = mark_ & 0x7fffffffU;
  Taken taken{.used = 1};
  if (left_ == 0) end_fragment(taken);
  return taken;
}

RecordStream::Taken RecordStream::take_fragment(Bytes bytes) {
  Bytes part = bytes.first(std::min<std::size_t>(bytes.size(), left_));
  Taken taken;
  if (!is_told_) {
    part = part.first(std::min(part.size(), most_ - held_.size()));
    taken.has_memory = held_.append(part, most_);
    if (part.empty() || !taken.has_memory) taken.is_message = taken.is_cut = is_told_ = true;
  }
  left_ -= static_cast<std::uint32_t>(part.size());
  taken.used = part.size();
  if (left_ == 0) end_fragment(taken);
  return taken;
}

void RecordStream::end_fragment(Taken& taken) noexcept {
  mark_bytes_ = 0;
  if (!is_last_) return;
  is_over_ = true;
  taken.is_message |= !is_told_ && held_.size() > 0;
}

}  // namespace bansoko::proto::rpc
