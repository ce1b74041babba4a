// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/message_parser.h"

#include <algorithm>

namespace bansoko::proto {

using Step = MessageStream::Step;

void MessageParser::reset(const Assignment& assignment) noexcept {
  for (MessageStream& stream : streams_) stream.reset();
  stopped_ = {};
  next_id_ = 0;
  begin_flow(assignment);
}

Parsed MessageParser::feed(const StreamChunk& chunk, TransactionSink& sink) noexcept {
  const std::size_t side = flow::index(chunk.from);
  MessageStream& stream = streams_[side];
  if (chunk.gap > 0 && !stopped_[side]) {
    sink.on_anomaly(chunk.from, gap);
    stopped_[side] = !stream.lose(chunk.gap);
    miss(chunk.from);
  }
  Bytes rest = chunk.bytes();
  while (!stopped_[side]) {
    if (stream.is_at_header()) {
      if (rest.empty()) break;
      if (stream.header().empty()) header_size_[side] = header_size(chunk.from, rest.front());
    }
    const Step step = stream.next(rest, header_size_[side]);
    if (step == Step::more) break;
    left_ = rest.size();
    const Parsed parsed = take(chunk.from, step, sink);
    if (parsed != Parsed::more) return parsed;
  }
  return stopped_[0] && stopped_[1] ? Parsed::finished : Parsed::more;
}

Parsed MessageParser::take(Side side, Step step, TransactionSink& sink) noexcept {
  const std::size_t at = flow::index(side);
  MessageStream& stream = streams_[at];
  if (step == Step::packet) return Parsed::more;
  if (step == Step::header) {
    const auto framing = read_header(side, stream.header());
    if (!framing) {
      sink.on_anomaly(side, malformed_header);
      return Parsed::malformed;
    }
    if (!stream.is_under_way() && !framing->is_apart) wanted_[at] = framing->wanted;
    if (framing->is_apart)
      stream.skip(framing->size);
    else
      stream.begin(framing->size, framing->is_last, std::min(framing->wanted, limits_.message_size));
    return Parsed::more;
  }
  if (step == Step::no_memory) sink.on_anomaly(side, memory_limit);
  if (step == Step::limit && wanted_[at] > limits_.message_size) sink.on_anomaly(side, message_limit);
  return read_message(side, stream.message(), step == Step::whole, sink);
}

Parsed MessageParser::hand_over(std::string_view protocol, TransactionSink& sink) const noexcept {
  sink.on_handover({.protocol = protocol, .left = left_});
  return Parsed::finished;
}

void MessageParser::tell(Transaction& message, Side side, TransactionSink& sink) noexcept {
  message.id = next_id_++;
  message.progress = {};
  message.progress[flow::index(side)] = kComplete;
  message.notes = {};
  sink.on_progress(message, side);
  sink.on_end(message);
}

}  // namespace bansoko::proto
