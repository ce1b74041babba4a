// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/http/message.h"

#include <algorithm>
#include <limits>

#include "base/text.h"

namespace bansoko::proto::http {
namespace {

constexpr std::size_t kKeptBytes = std::size_t{16} * 1024;  // of each buffer, from one flow to the next
constexpr std::size_t kKeptHeaders = 64;
constexpr std::size_t kKeptWhenTight = Message::kFixed / 4;  // of each of four buffers at most
constexpr std::size_t kHeadersWhenTight = kKeptWhenTight / sizeof(Header);

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

/// The first number in the text, as lenient receivers read it.
std::optional<std::uint64_t> read_length(std::string_view text, AnomalySet& anomalies) noexcept {
  const auto first = std::find_if(text.begin(), text.end(), is_digit);
  const auto last = std::find_if_not(first, text.end(), is_digit);
  if (first != text.begin() || last != text.end() || first == last)
    anomalies.add(Anomaly::content_length_invalid);
  if (first == last) return {};
  std::uint64_t value = 0;
  for (auto digit = first; digit != last; ++digit) {
    if (value > std::numeric_limits<std::uint64_t>::max() / 10 - 1) {
      anomalies.add(Anomaly::content_length_invalid);
      return {};
    }
    value = value * 10 + static_cast<std::uint64_t>(*digit - '0');
  }
  return value;
}

bool says_chunked(std::string_view value) noexcept {
  constexpr std::string_view kChunked = "chunked";
  const auto same = [](char a, char b) { return to_lower(a) == b; };
  return std::search(value.begin(), value.end(), kChunked.begin(), kChunked.end(), same) != value.end();
}

}  // namespace

void Framing::see(std::string_view name, std::string_view value, AnomalySet& anomalies) noexcept {
  if (same_text(name, "content-length")) {
    const auto given = read_length(value, anomalies);
    if (length && given && *length != *given) anomalies.add(Anomaly::content_length_ambiguous);
    if (given) length = std::max(length.value_or(0), *given);
  } else if (same_text(name, "transfer-encoding")) {
    is_chunked |= says_chunked(value);
  }
  if (is_chunked && length) anomalies.add(Anomaly::content_length_ambiguous);
}

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
  if (headers.has_nameless()) anomalies.add(Anomaly::header_without_name);
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
  framing = {};
  body.reset();
  anomalies.clear();
  arena.reset();
  headers_text = header_names = whole_head = uri = host = std::nullopt;
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

void HttpTransaction::reset() noexcept {
  request.reset();
  response.reset();
  progress = {};
  notes = {};
  is_answered = false;
  is_over = {};
}

}  // namespace bansoko::proto::http
