// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/redis/reply_reader.h"

#include <algorithm>

namespace bansoko::proto::redis {
namespace {

constexpr std::string_view kLines = "+-:,(#_";
constexpr std::string_view kTexts = "$=!";
constexpr std::string_view kArrays = "*~>%|";
constexpr std::uint64_t kLineEnd = 2;

bool is_one_of(char c, std::string_view signs) noexcept { return signs.find(c) != std::string_view::npos; }

}  // namespace

ReplyReader::ReplyReader(const Limits& limits, MemoryBudget& budget)
    : message_(budget, limits.reply, limits.arguments), left_(limits.depth + 1) {}

void ReplyReader::reset(bool release) {
  release ? message_.release() : message_.reset();
  state_ = State::type;
  is_begun_ = false;
}

void ReplyReader::feed(Bytes rest, Listener& listener) {
  while (!rest.empty() && state_ != State::opaque) {
    if (state_ == State::data) {
      take_data(rest, listener);
    } else if (state_ == State::line) {
      take_line(rest, listener);
    } else {
      const std::uint8_t c = rest.front();
      rest = rest.subspan(1);
      state_ == State::type ? take_type(c, listener) : take_number(c, listener);
    }
  }
}

void ReplyReader::take_type(std::uint8_t c, Listener& listener) {
  type_ = static_cast<char>(c);
  if (!is_begun_) {
    message_.reset();
    message_.type = type_;
    is_begun_ = true;
    is_cut_told_ = false;
    depth_ = 1;
    left_[0] = 1;
  }
  number_.clear();
  line_size_ = 0;
  has_cr_ = false;
  if (is_one_of(type_, kTexts) || is_one_of(type_, kArrays)) {
    state_ = State::number;
  } else if (is_one_of(type_, kLines)) {
    state_ = State::line;
    if (type_ == '+' || type_ == '-') heed(message_.begin_text(0, type_ == '-'), listener);
  } else {
    give_up(Anomaly::unknown_reply, listener);
  }
}

void ReplyReader::take_line(Bytes& rest, Listener& listener) {
  const bool is_text = type_ == '+' || type_ == '-';
  const auto end = std::ranges::find(rest, std::uint8_t{'\r'});
  const Bytes part = rest.first(static_cast<std::size_t>(end - rest.begin()));
  // CR LF ends it; a CR alone is a part of it.
  if (has_cr_) {
    has_cr_ = false;
    if (rest.front() == '\n') {
      rest = rest.subspan(1);
      return end_element(listener);
    }
    constexpr std::uint8_t kReturn = '\r';
    ++line_size_;
    if (is_text) heed(message_.append({&kReturn, 1}), listener);
  }
  if (is_text) heed(message_.append(part), listener);
  line_size_ += part.size();
  has_cr_ = end != rest.end();
  rest = rest.subspan(part.size() + (has_cr_ ? 1 : 0));
}

void ReplyReader::take_number(std::uint8_t c, Listener& listener) {
  if (c == '\r') return;
  if (c != '\n') {
    if (!number_.add(static_cast<char>(c))) give_up(Anomaly::unknown_reply, listener);
    return;
  }
  const auto value = number_.value();
  if (!value) return give_up(Anomaly::unknown_reply, listener);
  if (is_one_of(type_, kArrays)) return begin_elements(*value, listener);
  if (*value < 0) return end_element(listener);
  begin_text(static_cast<std::uint64_t>(*value), listener);
}

void ReplyReader::begin_text(std::uint64_t length, Listener& listener) {
  heed(message_.begin_text(length, type_ == '!'), listener);
  bytes_left_ = length + kLineEnd;
  state_ = State::data;
}

void ReplyReader::take_data(Bytes& rest, Listener& listener) {
  const Bytes part = rest.first(static_cast<std::size_t>(std::min<std::uint64_t>(rest.size(), bytes_left_)));
  rest = rest.subspan(part.size());
  if (bytes_left_ > kLineEnd) {
    const std::uint64_t text = std::min<std::uint64_t>(part.size(), bytes_left_ - kLineEnd);
    heed(message_.append(part.first(static_cast<std::size_t>(text))), listener);
  }
  bytes_left_ -= part.size();
  if (bytes_left_ == 0) end_element(listener);
}

void ReplyReader::begin_elements(std::int64_t count, Listener& listener) {
  const bool is_pairs = type_ == '%' || type_ == '|';
  const auto stated = static_cast<std::uint64_t>(std::max<std::int64_t>(count, 0));
  message_.element_count = std::max(message_.element_count, stated);
  // Attributes stand before what they are about.
  if (type_ == '|') ++left_[depth_ - 1];
  if (stated == 0) return end_element(listener);
  if (depth_ == left_.size()) return give_up(Anomaly::reply_depth, listener);
  left_[depth_++] = is_pairs ? 2 * stated : stated;
  state_ = State::type;
}

void ReplyReader::end_element(Listener& listener) {
  if (type_ == '+' || type_ == '-') message_.set_length(line_size_);
  state_ = State::type;
  while (--left_[depth_ - 1] == 0) {
    if (--depth_ > 0) continue;
    return tell(listener);
  }
}

// After these a server sends its data set, and then what other clients have written: no replies.
void ReplyReader::tell(Listener& listener) {
  is_begun_ = false;
  const std::string_view text = as_text(message_.text(0).value_or(Bytes()));
  const bool is_replica_fed = text.starts_with("FULLRESYNC") || text.starts_with("CONTINUE");
  if (message_.type == '+' && is_replica_fed) state_ = State::opaque;
  listener.on_message(message_, Side::server);
}

void ReplyReader::heed(Message::Kept kept, Listener& listener) {
  if (kept == Message::Kept::all || is_cut_told_) return;
  is_cut_told_ = true;
  listener.on_anomaly(Side::server,
                      kept == Message::Kept::no_memory ? Anomaly::memory_limit : Anomaly::reply_limit);
}

void ReplyReader::lose(Listener& listener) {
  if (state_ != State::opaque) give_up(Anomaly::gap, listener);
}

/// What was understood of the reply is told.
void ReplyReader::give_up(Anomaly anomaly, Listener& listener) {
  listener.on_anomaly(Side::server, anomaly);
  const bool is_telling = is_begun_ && (message_.has_texts() || message_.element_count > 0);
  if (is_telling) listener.on_message(message_, Side::server);
  is_begun_ = false;
  state_ = State::opaque;
}

}  // namespace bansoko::proto::redis
