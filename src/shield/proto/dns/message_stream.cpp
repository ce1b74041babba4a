// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "shield/proto/dns/dns_parser.h"
#include "shield/proto/dns/probe.h"

namespace bansoko::proto::dns {

void MessageStream::reset(bool release) noexcept {
  length_ = received_ = 0;
  length_bytes_ = 0;
  is_cut_ = is_spoilt_ = is_lost_ = false;
  release ? held_.release() : held_.clear();
}

void MessageStream::lose(std::uint32_t size) noexcept {
  const std::uint32_t left = length_bytes_ == 2 ? length_ - received_ : 0;
  if (is_lost_ || size > left) {
    reset(false);
    is_lost_ = true;
    return;
  }
  is_spoilt_ = true;
  received_ += size;
  if (received_ == length_) reset(false);
}

MessageStream::Taken MessageStream::take(Bytes bytes) noexcept {
  if (is_lost_) {
    if (!is_framed_message(bytes)) return {.used = bytes.size()};
    is_lost_ = false;
  }
  if (length_bytes_ < 2) return take_length(bytes.front());
  const std::size_t size = std::min<std::size_t>(bytes.size(), length_ - received_);
  const Bytes part = bytes.first(size);
  const bool is_at_once = received_ == 0 && size == length_;
  if (!is_at_once && !is_spoilt_ && !is_cut_) is_cut_ = !held_.append(part, length_);
  received_ += static_cast<std::uint32_t>(size);
  Taken taken{.used = size};
  if (received_ < length_) return taken;
  if (!is_spoilt_) taken = {.used = size, .message = is_at_once ? part : held_.bytes(), .is_cut = is_cut_};
  length_ = received_ = 0;
  length_bytes_ = 0;
  is_cut_ = is_spoilt_ = false;
  held_.clear();
  return taken;
}

MessageStream::Taken MessageStream::take_length(std::uint8_t byte) noexcept {
  length_ = length_ << 8 | byte;
  if (++length_bytes_ == 2 && length_ == 0) length_bytes_ = 0;
  return {.used = 1};
}

}  // namespace bansoko::proto::dns
