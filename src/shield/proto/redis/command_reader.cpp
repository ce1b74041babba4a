// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/redis/command_reader.h"

#include <algorithm>

namespace bansoko::proto::redis {
namespace {
constexpr std::size_t kFixedLine = 128;
}

CommandReader::CommandReader(const Limits& limits, MemoryBudget& budget)
    : bulk_limit_(limits.bulk),
      message_(budget, limits.command, limits.arguments),
      line_(budget, kFixedLine) {}

void CommandReader::reset(bool release) {
  release ? message_.release() : message_.reset();
  release ? line_.release() : line_.clear();
  state_ = State::start;
  skip_ = 0;
  is_sync_lost_ = false;
}

bool CommandReader::feed(Bytes rest, Listener& listener) {
  while (!rest.empty()) {
    if (state_ == State::data) {
      take_data(rest, listener);
      continue;
    }
    if (state_ == State::line) {
      if (!take_line(rest, listener)) return false;
      continue;
    }
    const std::uint8_t c = rest.front();
    if (state_ == State::start && skip_ == 0) {
      if (!take_start(c)) rest = rest.subspan(1);
      continue;
    }
    rest = rest.subspan(1);
    if (skip_ > 0) {
      --skip_;
    } else if (state_ == State::lost) {
      take_lost(c);
    } else if (!(state_ == State::count ? take_count(c, listener) : take_length(c, listener))) {
      return false;
    }
  }
  return true;
}

/// True: the byte belongs to what has begun.
bool CommandReader::take_start(std::uint8_t first) {
  message_.reset();
  number_.clear();
  is_cut_told_ = false;
  message_.is_inline = first != '*';
  state_ = message_.is_inline ? State::line : State::count;
  return message_.is_inline;
}

bool CommandReader::take_line(Bytes& rest, Listener& listener) {
  const auto end = std::ranges::find(rest, std::uint8_t{'\n'});
  const Bytes part = rest.first(static_cast<std::size_t>(end - rest.begin()));
  const bool ends = end != rest.end();
  const std::size_t room = kInlineSize - line_.size();
  if (part.size() > room) {
    rest = rest.subspan(room);
    return fail(Anomaly::protocol_error, listener);
  }
  rest = rest.subspan(part.size() + (ends ? 1 : 0));
  if (!line_.append(part, kInlineSize)) heed(Message::Kept::no_memory, listener);
  if (!ends) return true;
  state_ = State::start;
  const bool is_taken = take_words(line_.bytes(), listener);
  line_.clear();
  return is_taken || fail(Anomaly::protocol_error, listener);
}

bool CommandReader::take_words(Bytes line, Listener& listener) {
  WordReader words(line);
  while (words.next()) {
    ++message_.element_count;
    heed(message_.begin_text(0, false), listener);
    std::uint64_t length = 0;
    for (auto byte = words.byte(); byte; byte = words.byte(), ++length)
      heed(message_.append({&*byte, 1}), listener);
    if (message_.element_count <= message_.capacity()) message_.set_length(length);
  }
  if (words.ok() && message_.has_texts()) tell(listener);
  return words.ok();
}

// The server looks for CR and passes over one byte behind it, whatever that is; likewise over two behind an
// argument.
bool CommandReader::take_count(std::uint8_t c, Listener& listener) {
  if (c != '\r') return number_.add(static_cast<char>(c)) || fail(Anomaly::protocol_error, listener);
  skip_ = 1;
  const auto count = number_.value();
  number_.clear();
  if (!count || *count > kMostArguments) return fail(Anomaly::protocol_error, listener);
  state_ = State::start;
  if (*count <= 0) return true;
  message_.element_count = arguments_left_ = static_cast<std::uint64_t>(*count);
  state_ = State::length;
  is_sign_due_ = true;
  return true;
}

bool CommandReader::take_length(std::uint8_t c, Listener& listener) {
  if (is_sign_due_) {
    is_sign_due_ = false;
    return c == '$' || fail(Anomaly::protocol_error, listener);
  }
  if (c != '\r') return number_.add(static_cast<char>(c)) || fail(Anomaly::protocol_error, listener);
  const auto length = number_.value();
  number_.clear();
  if (!length || *length < 0) return fail(Anomaly::protocol_error, listener);
  skip_ = 1;
  begin_argument(static_cast<std::uint64_t>(*length), listener);
  return bytes_left_ <= bulk_limit_ || fail(Anomaly::bulk_limit, listener);
}

void CommandReader::begin_argument(std::uint64_t length, Listener& listener) {
  heed(message_.begin_text(length, false), listener);
  bytes_left_ = length;
  state_ = State::data;
}

void CommandReader::take_data(Bytes& rest, Listener& listener) {
  if (skip_ > 0) {
    --skip_;
    rest = rest.subspan(1);
  } else {
    const Bytes part =
        rest.first(static_cast<std::size_t>(std::min<std::uint64_t>(rest.size(), bytes_left_)));
    heed(message_.append(part), listener);
    bytes_left_ -= part.size();
    rest = rest.subspan(part.size());
  }
  if (skip_ == 0 && bytes_left_ == 0) end_argument(listener);
}

void CommandReader::end_argument(Listener& listener) {
  skip_ = 2;
  is_sign_due_ = true;
  state_ = State::length;
  if (--arguments_left_ > 0) return;
  state_ = State::start;
  tell(listener);
}

void CommandReader::lose(std::uint32_t size, Listener& listener) {
  listener.on_anomaly(Side::client, Anomaly::gap);
  is_sync_lost_ = true;
  if (state_ == State::data && skip_ == 0 && size < bytes_left_) {
    bytes_left_ -= size;
    message_.end_text();
    return;
  }
  if (state_ != State::lost) finish(listener);
  state_ = State::lost;
  skip_ = before_ = 0;
  is_star_ = false;
}

/// A line that begins with '*' and a digit.
void CommandReader::take_lost(std::uint8_t c) noexcept {
  const bool is_digit = c >= '1' && c <= '9';
  if (is_star_ && is_digit) {
    take_start('*');
    number_.add(static_cast<char>(c));
    return;
  }
  is_star_ = c == '*' && before_ == '\n';
  before_ = c;
}

void CommandReader::finish(Listener& listener) {
  const bool is_within = state_ == State::length || state_ == State::data;
  if (is_within && message_.has_texts()) tell(listener);
  message_.reset();
  line_.clear();
  state_ = State::start;
}

void CommandReader::heed(Message::Kept kept, Listener& listener) {
  if (kept == Message::Kept::all || is_cut_told_) return;
  is_cut_told_ = true;
  listener.on_anomaly(Side::client, kept == Message::Kept::beyond_size    ? Anomaly::command_limit
                                    : kept == Message::Kept::beyond_count ? Anomaly::argument_limit
                                                                          : Anomaly::memory_limit);
}

/// After a loss this may be within an argument: the next command is looked for.
bool CommandReader::fail(Anomaly anomaly, Listener& listener) {
  if (!is_sync_lost_) {
    listener.on_anomaly(Side::client, anomaly);
    finish(listener);
    return false;
  }
  message_.reset();
  line_.clear();
  number_.clear();
  state_ = State::lost;
  skip_ = before_ = 0;
  is_star_ = false;
  return true;
}

void CommandReader::tell(Listener& listener) { listener.on_message(message_, Side::client); }

}  // namespace bansoko::proto::redis
