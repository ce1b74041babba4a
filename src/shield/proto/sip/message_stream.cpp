// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "shield/proto/sip/sip_parser.h"

namespace bansoko::proto::sip {
namespace {
constexpr std::size_t kLongestStart = 2048;
}

void MessageStream::reset(bool release) {
  release ? held_.release() : held_.clear();
  state_ = State::between;
  is_told_ = false;
}

void MessageStream::lose() noexcept {
  held_.clear();
  is_told_ = false;
  state_ = State::lost;
}

MessageStream::Taken MessageStream::take(Bytes bytes) noexcept {
  if (is_told_) held_.clear();
  is_told_ = false;
  switch (state_) {
    case State::between: {
      // Empty lines keep a connection open (RFC 5626 section 3.5.1).
      const auto begin =
          std::ranges::find_if_not(bytes, [](std::uint8_t c) { return c == '\r' || c == '\n'; });
      if (begin == bytes.end()) return {.used = bytes.size()};
      state_ = State::head;
      is_line_empty_ = false;
      return {.used = static_cast<std::size_t>(begin - bytes.begin())};
    }
    case State::head:
      return take_head(bytes);
    case State::body:
      return take_body(bytes);
    case State::lost:
      return take_lost(bytes);
    default:
      return take_rest(bytes);
  }
}

/// Of the bytes, as many as belong to the head.
std::size_t MessageStream::size_of_head(Bytes bytes) noexcept {
  ends_head_ = false;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (bytes[i] == '\r') continue;
    ends_head_ = bytes[i] == '\n' && is_line_empty_;
    is_line_empty_ = bytes[i] == '\n';
    if (ends_head_) return i + 1;
  }
  return bytes.size();
}

MessageStream::Taken MessageStream::take_head(Bytes bytes) noexcept {
  const Bytes near = bytes.first(std::min(bytes.size(), most_ - held_.size()));
  const Bytes part = near.first(size_of_head(near));
  const bool has_memory = held_.append(part, most_);
  Taken taken{.used = part.size(), .has_memory = has_memory};
  if (ends_head_ && has_memory) {
    taken.event = Event::head;
  } else if (held_.size() == most_ || !has_memory) {
    state_ = State::rest_of_head;
    is_told_ = true;
    taken.event = Event::cut;
    body_left_ = 0;
    if (ends_head_) state_ = State::between;
  }
  return taken;
}

void MessageStream::begin_body(std::uint64_t size) noexcept {
  body_left_ = size;
  state_ = State::body;
}

MessageStream::Taken MessageStream::take_body(Bytes bytes) noexcept {
  const std::size_t room = most_ - held_.size();
  const auto size =
      static_cast<std::size_t>(std::min({std::uint64_t{bytes.size()}, body_left_, std::uint64_t{room}}));
  const bool has_memory = held_.append(bytes.first(size), most_);
  body_left_ -= size;
  Taken taken{.used = size, .has_memory = has_memory};
  const bool is_over = body_left_ == 0;
  if (!is_over && has_memory && held_.size() < most_) return taken;
  is_told_ = true;
  state_ = is_over ? State::between : State::rest_of_body;
  taken.event = is_over && has_memory ? Event::whole : Event::cut;
  return taken;
}

MessageStream::Taken MessageStream::take_rest(Bytes bytes) noexcept {
  if (state_ == State::rest_of_head) {
    const std::size_t size = size_of_head(bytes);
    if (ends_head_) state_ = State::rest_of_body;
    return {.used = size};
  }
  const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(bytes.size(), body_left_));
  body_left_ -= size;
  if (body_left_ == 0) state_ = State::between;
  return {.used = size};
}

/// A line that a message may begin with.
MessageStream::Taken MessageStream::take_lost(Bytes bytes) noexcept {
  const Bytes near = bytes.first(std::min(bytes.size(), kLongestStart - held_.size()));
  const auto feed = std::ranges::find(near, std::uint8_t{'\n'});
  const bool ends = feed != near.end();
  const std::size_t size = static_cast<std::size_t>(feed - near.begin()) + (ends ? 1 : 0);
  const bool is_kept = held_.append(near.first(size), kLongestStart);
  const bool is_start = ends && is_kept && probe_start_line(held()) == Guess::yes;
  if (is_start) {
    state_ = State::head;
    is_line_empty_ = true;
  } else if (ends || !is_kept || held_.size() == kLongestStart) {
    held_.clear();
  }
  return {.used = size};
}

}  // namespace bansoko::proto::sip
