// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/http/message.h"

#include <algorithm>

namespace bansoko::proto::http {
namespace {

constexpr std::size_t kKeptBytes = std::size_t{16} * 1024;  // of each buffer, from one flow to the next
constexpr std::size_t kKeptHeaders = 64;
constexpr std::size_t kKeptWhenTight = Message::kFixed / 4;  // of each of four buffers at most
constexpr std::size_t kHeadersWhenTight = kKeptWhenTight / sizeof(Header);

}  // namespace

const StartLine& Message::start() noexcept {
  if (parts_of_ != head.data()) {
    parts_ = is_request_ ? split_request_line(start_line()) : split_status_line(start_line());
    parts_of_ = head.data();
  }
  return parts_;
}

void Message::start_line_done(bool is_request) noexcept {
  is_request_ = is_request;
  headers_at = head.size();
  parts_of_ = nullptr;
}

void Message::headers_done() {
  headers.finish(head, arena);
  for (const Header& header : headers.all()) framing.see(header.name, header.value, anomalies);
  check_headers();
}

void Message::take_start_line(Message& from) noexcept {
  head.swap(from.head);
  start_line_done(false);
  from.reset();
}

void Message::continue_head(const Message& other, std::size_t size) {
  is_request_ = other.is_request_;
  if (budget_.is_full()) return;
  head.assign(other.head, 0, size);
  headers_at = other.headers_at;
  headers.copy_lines(other.headers);
  count_memory();
}

void Message::reset() noexcept {
  head.clear();
  headers_at = 0;
  headers.reset();
  start_line_size = 0;
  framing = {};
  ranges = {};
  if_path_length = 0;
  body.reset();
  sums.reset();
  anomalies.clear();
  arena.reset();
  headers_text = header_names = whole_head = host = std::nullopt;
  uris_ = {};
  parts_of_ = nullptr;
}

void Message::shrink() noexcept {
  const bool is_tight = budget_.is_tight();
  const std::size_t kept = is_tight ? kKeptWhenTight : kKeptBytes;
  if (head.capacity() > kept) std::string().swap(head);
  headers.shrink(is_tight ? kHeadersWhenTight : kKeptHeaders);
  body.shrink(is_tight ? 0 : kKeptBytes);
  arena.shrink(kept);
  count_memory();
}

void Message::shrink_if_tight() noexcept {
  count_memory();
  if (budget_.is_tight()) shrink();
}

void Message::count_memory() noexcept {
  const std::size_t held = head.capacity() + headers.memory() + arena.memory();
  const std::size_t charge = held - std::min(held, kFixed);
  if (charge > charged_) budget_.take_anyway(charge - charged_);
  if (charge < charged_) budget_.give_back(charged_ - charge);
  charged_ = charge;
}

std::size_t Message::room() const noexcept {
  const std::size_t capacity = std::max(head.capacity(), kKeptWhenTight);
  return budget_.is_full() ? capacity - std::min(head.size(), capacity) : head.max_size();
}

bool Message::has_room_for_header() const noexcept {
  return !budget_.is_full() || !headers.must_grow() || headers.size() < kHeadersWhenTight;
}

void HttpTransaction::shrink() noexcept {
  request.shrink();
  response.shrink();
}

void HttpTransaction::shrink_if_tight() noexcept {
  request.shrink_if_tight();
  response.shrink_if_tight();
}

void HttpTransaction::reset() noexcept {
  request.reset();
  response.reset();
  uploads.reset();
  summed_files = summed_bytes = 0;
  progress = {};
  notes = {};
  is_answered = false;
  is_over = {};
}

}  // namespace bansoko::proto::http
