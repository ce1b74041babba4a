// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/frame_reader.h"

#include <algorithm>

namespace bansoko::proto {

void FrameReader::reset(bool release) noexcept {
  begin_next();
  is_lost_ = false;
  release ? held_.release() : held_.clear();
}

// Keeps what is held: a frame that was given out may lie there.
void FrameReader::begin_next() noexcept {
  size_ = kSizeUnknown;
  received_ = 0;
  is_passed_over_ = false;
}

void FrameReader::lose(std::uint32_t size) noexcept {
  const std::uint64_t left = size_ == kSizeUnknown ? 0 : size_ - received_;
  if (is_lost_ || size > left) {
    begin_next();
    is_lost_ = true;
    return;
  }
  is_passed_over_ = true;
  received_ += size;
  if (received_ == size_) begin_next();
}

FrameReader::Taken FrameReader::take(Bytes bytes) noexcept {
  if (size_ == kSizeUnknown) {
    if (received_ == 0) {
      held_.clear();
      size_ = measure_(bytes);
    }
    if (is_lost_ && (size_ == kSizeUnknown || size_ == kNoFrame)) {
      begin_next();
      return {.used = bytes.size()};
    }
    is_lost_ = false;
    if (size_ == kSizeUnknown) return take_first(bytes.front());
    if (size_ == kNoFrame) {
      begin_next();
      return {.is_no_frame = true};
    }
  }
  const auto used = static_cast<std::size_t>(std::min<std::uint64_t>(bytes.size(), size_ - received_));
  const Bytes part = bytes.first(used);
  const bool is_at_once = received_ == 0 && used == size_;
  received_ += used;
  Taken taken{.used = used};
  if (is_at_once) {
    taken.is_too_long = used > most_;
    taken.frame = part.first(std::min(used, most_));
  } else if (!is_passed_over_) {
    taken.is_short_of_memory = !held_.append(part.first(std::min(used, most_ - held_.size())), most_);
    taken.is_too_long = held_.size() == most_ && size_ > most_;
    is_passed_over_ = taken.is_short_of_memory || taken.is_too_long;
    if (is_passed_over_ || received_ == size_) taken.frame = held_.bytes();
  }
  if (received_ == size_) begin_next();
  return taken;
}

FrameReader::Taken FrameReader::take_first(std::uint8_t byte) noexcept {
  held_.append({&byte, 1}, most_);
  ++received_;
  size_ = measure_(held_.bytes());
  Taken taken{.used = 1};
  if (size_ == kNoFrame) {
    begin_next();
    taken.is_no_frame = true;
  } else if (size_ != kSizeUnknown && size_ <= received_) {
    taken.frame = held_.bytes();
    begin_next();
  }
  return taken;
}

}  // namespace bansoko::proto
