// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/sip/sip_parser.h"

#include <algorithm>
#include <bit>

namespace bansoko::proto::sip {
namespace {

/// Keeps an address translation open: no message (RFC 5626 section 3.5.1, and what phones send besides).
bool is_keep_alive(Bytes datagram) noexcept {
  return std::ranges::all_of(datagram, [](std::uint8_t c) { return c == '\r' || c == '\n' || c == 0; });
}

}  // namespace

void SipParser::reset(const Assignment& assignment) noexcept {
  is_stream_ = assignment.transport == kOverTcp;
  next_id_ = 0;
  for (MessageStream& stream : streams_) stream.reset(memory_.budget.is_tight());
}

Parsed SipParser::feed(const StreamChunk& chunk, TransactionSink& sink) noexcept {
  if (is_stream_) return feed_stream(chunk, sink);
  if (!is_keep_alive(chunk.bytes())) read(as_text(chunk.bytes()), false, chunk.from, sink);
  return Parsed::more;
}

Parsed SipParser::feed_stream(const StreamChunk& chunk, TransactionSink& sink) noexcept {
  MessageStream& stream = streams_[flow::index(chunk.from)];
  const auto tell = [&](Anomaly anomaly) { sink.on_anomaly(chunk.from, static_cast<std::size_t>(anomaly)); };
  if (chunk.gap > 0) {
    tell(Anomaly::gap);
    if (stream.is_within() && !stream.held().empty()) read(stream.held(), true, chunk.from, sink);
    stream.lose();
  }
  Bytes rest = chunk.bytes();
  // A body of no bytes ends where the head does.
  for (bool is_head = false; !rest.empty() || is_head;) {
    const auto taken = stream.take(rest);
    rest = rest.subspan(taken.used);
    is_head = taken.event == MessageStream::Event::head;
    if (is_head) {
      memory_.message.read(stream.held(), true);
      stream.begin_body(memory_.message.stated_size.value_or(0));
      continue;
    }
    if (taken.event == MessageStream::Event::none) continue;
    const bool is_cut = taken.event == MessageStream::Event::cut;
    if (is_cut) tell(taken.has_memory ? Anomaly::message_limit : Anomaly::memory_limit);
    const AnomalyBits found = read(stream.held(), is_cut, chunk.from, sink);
    if ((found & bit(Anomaly::invalid_data)) != 0) return Parsed::malformed;
  }
  if (chunk.last && stream.is_within() && !stream.held().empty()) {
    read(stream.held(), true, chunk.from, sink);
    stream.lose();
  }
  return Parsed::more;
}

AnomalyBits SipParser::read(std::string_view text, bool is_cut, Side from, TransactionSink& sink) noexcept {
  SipMessage& message = memory_.message;
  const AnomalyBits found = message.read(text, is_cut);
  for (AnomalyBits left = found; left != 0; left &= left - 1)
    sink.on_anomaly(from, static_cast<std::size_t>(std::countr_zero(left)));
  message.id = next_id_++;
  message.progress = {};
  message.notes = {};
  message.progress[flow::index(from)] = kComplete;
  sink.on_progress(message, from);
  sink.on_end(message);
  return found;
}

}  // namespace bansoko::proto::sip
