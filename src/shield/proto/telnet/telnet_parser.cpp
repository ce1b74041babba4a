// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/telnet/telnet_parser.h"

#include <algorithm>

#include "shield/proto/telnet/codes.h"

namespace bansoko::proto::telnet {

void TelnetParser::reset(const Assignment&) noexcept {
  const bool is_tight = budget_.is_tight();
  for (SideState& side : sides_) {
    side.state = State::data;
    side.is_told = side.is_data_cut = side.has_news = false;
    if (is_tight) side.negotiation.release();
  }
  for (BudgetedBytes& data : conversation_.data) is_tight ? data.release() : data.clear();
  conversation_.progress = {};
  conversation_.notes = {};
  next_id_ = 0;
  is_open_ = false;
}

Parsed TelnetParser::feed(const StreamChunk& chunk, TransactionSink& sink) noexcept {
  sink_ = &sink;
  const Side side = chunk.from;
  if (chunk.gap > 0) {
    tell(side, Anomaly::gap);
    at(side).state = State::data;
    at(side).is_data_cut = true;
  }
  Bytes rest = chunk.bytes();
  while (!rest.empty()) {
    if (at(side).state == State::data && rest.front() != Command::interpret) {
      const auto end = std::ranges::find(rest, std::uint8_t{Command::interpret});
      const Bytes data = rest.first(static_cast<std::size_t>(end - rest.begin()));
      take_data(side, data);
      rest = rest.subspan(data.size());
    } else {
      take(side, rest.front());
      rest = rest.subspan(1);
    }
  }
  const bool is_within = at(side).state == State::content || at(side).state == State::content_command;
  if (chunk.last && is_within && !at(side).is_told) tell_subnegotiation(side);
  tell_data(side);
  sink_ = nullptr;
  return Parsed::more;
}

void TelnetParser::end(TransactionSink& sink) noexcept {
  if (!is_open_) return;
  for (const Side side : {Side::client, Side::server}) {
    std::uint8_t& progress = conversation_.progress[flow::index(side)];
    if (progress == kNotStarted) continue;
    progress = kComplete;
    sink.on_progress(conversation_, side);
  }
  sink.on_end(conversation_);
  is_open_ = false;
}

void TelnetParser::take(Side side, std::uint8_t byte) {
  SideState& ours = at(side);
  switch (ours.state) {
    case State::data:
      ours.state = State::command;
      break;
    case State::command:
      take_command(side, byte);
      break;
    case State::option:
      ours.negotiation.option = byte;
      ours.state = State::data;
      tell_command(side);
      break;
    case State::content_option:
      ours.negotiation.option = byte;
      ours.state = State::content;
      break;
    case State::content:
      take_content(side, byte);
      break;
    case State::content_command:
      take_content_command(side, byte);
      break;
  }
}

void TelnetParser::take_data(Side side, Bytes bytes) {
  SideState& ours = at(side);
  if (ours.is_data_cut) return;
  BudgetedBytes& data = conversation_.data[flow::index(side)];
  const Bytes kept = bytes.first(std::min(bytes.size(), limits_.data - data.size()));
  const bool has_memory = data.append(kept, limits_.data);
  ours.is_data_cut = !has_memory || kept.size() < bytes.size();
  if (ours.is_data_cut) tell(side, has_memory ? Anomaly::data_limit : Anomaly::memory_limit);
  if (!is_open_) conversation_.id = next_id_++;
  is_open_ = true;
  ours.has_news = true;
}

void TelnetParser::take_command(Side side, std::uint8_t byte) {
  SideState& ours = at(side);
  ours.state = State::data;
  if (byte == Command::interpret) return take_data(side, {&byte, 1});
  if (byte < Command::end_of_file) return tell(side, Anomaly::unknown_command);
  ours.negotiation.begin(byte);
  ours.is_told = false;
  if (byte == Command::subnegotiation_begin) {
    ours.state = State::content_option;
  } else if (byte > Command::subnegotiation_begin) {
    ours.state = State::option;
  } else {
    tell_command(side);
  }
}

void TelnetParser::take_content(Side side, std::uint8_t byte) {
  SideState& ours = at(side);
  if (byte == Command::interpret) {
    ours.state = State::content_command;
  } else if (!ours.is_told) {
    if (ours.negotiation.length == limits_.subnegotiation) {
      tell(side, Anomaly::subnegotiation_limit);
      tell_subnegotiation(side);
    } else if (!ours.negotiation.append(byte)) {
      tell(side, Anomaly::memory_limit);
      tell_subnegotiation(side);
    }
  }
}

// Servers take another command in a sub-negotiation for its end.
void TelnetParser::take_content_command(Side side, std::uint8_t byte) {
  SideState& ours = at(side);
  ours.state = State::content;
  if (byte == Command::interpret) {
    if (!ours.is_told && ours.negotiation.length < limits_.subnegotiation && !ours.negotiation.append(byte))
      tell(side, Anomaly::memory_limit);
    return;
  }
  if (!ours.is_told) tell_subnegotiation(side);
  ours.state = State::data;
  if (byte == Command::subnegotiation_end) return;
  tell(side, Anomaly::unterminated_subnegotiation);
  take_command(side, byte);
}

void TelnetParser::tell_subnegotiation(Side side) {
  at(side).is_told = true;
  if (!at(side).negotiation.read_variables()) tell(side, Anomaly::variable_limit);
  tell_command(side);
}

void TelnetParser::tell_command(Side side) {
  Negotiation& negotiation = at(side).negotiation;
  negotiation.id = next_id_++;
  negotiation.progress[flow::index(side)] = kComplete;
  sink_->on_progress(negotiation, side);
  sink_->on_end(negotiation);
}

void TelnetParser::tell_data(Side side) {
  if (!at(side).has_news) return;
  at(side).has_news = false;
  conversation_.progress[flow::index(side)] = kSaid;
  sink_->on_progress(conversation_, side);
}

}  // namespace bansoko::proto::telnet
