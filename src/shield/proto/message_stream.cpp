// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/message_stream.h"

#include <algorithm>

namespace bansoko::proto {

MessageStream::Step MessageStream::next(Bytes& rest, std::size_t header_size) noexcept {
  if (in_body_) return take_body(rest);
  const Bytes part = rest.first(std::min(rest.size(), header_size - header_size_));
  std::ranges::copy(part, header_.begin() + header_size_);
  header_size_ = static_cast<std::uint8_t>(header_size_ + part.size());
  rest = rest.subspan(part.size());
  return header_size_ == header_size ? Step::header : Step::more;
}

void MessageStream::begin(std::uint64_t size, bool is_last, std::size_t keep) noexcept {
  if (!is_under_way_) {
    budget_.is_tight() ? held_.release() : held_.clear();
    keep_ = keep;
    is_kept_ = keep > 0;
  }
  in_body_ = is_under_way_ = true;
  is_apart_ = false;
  is_last_ = is_last;
  left_ = size;
}

void MessageStream::skip(std::uint64_t size) noexcept {
  in_body_ = is_apart_ = true;
  left_ = size;
}

void MessageStream::end_packet() noexcept {
  in_body_ = false;
  header_size_ = 0;
  if (!is_apart_ && is_last_) is_under_way_ = false;
}

MessageStream::Step MessageStream::take_body(Bytes& rest) noexcept {
  const Bytes part = rest.first(static_cast<std::size_t>(std::min<std::uint64_t>(rest.size(), left_)));
  rest = rest.subspan(part.size());
  left_ -= part.size();
  const Step otherwise = left_ == 0 ? Step::packet : Step::more;
  if (left_ == 0) end_packet();
  if (is_apart_ || !is_kept_) return otherwise;
  const Bytes fits = part.first(std::min(part.size(), keep_ - held_.size()));
  const bool is_cut = fits.size() < part.size();
  const bool is_over = is_cut || !is_under_way_;
  if (held_.size() == 0 && is_over) {
    message_ = fits;
  } else if (held_.append(fits, keep_)) {
    message_ = held_.bytes();
  } else {
    is_kept_ = false;
    message_ = held_.bytes();
    return Step::no_memory;
  }
  if (is_over) is_kept_ = false;
  return is_cut ? Step::limit : is_over ? Step::whole : otherwise;
}

bool MessageStream::lose(std::uint32_t size) noexcept {
  if (!in_body_ || size > left_) return false;
  left_ -= size;
  if (!is_apart_) is_kept_ = false;
  if (left_ == 0) end_packet();
  return true;
}

void MessageStream::reset() noexcept {
  budget_.is_tight() ? held_.release() : held_.clear();
  message_ = {};
  header_size_ = 0;
  in_body_ = is_apart_ = is_last_ = is_under_way_ = is_kept_ = false;
  left_ = 0;
}

}  // namespace bansoko::proto
