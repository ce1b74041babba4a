// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/rpc/rpc_parser.h"

#include <algorithm>
#include <bit>

namespace bansoko::proto::rpc {

bool OpenCalls::add(Side caller, std::uint32_t xid, const Procedure& procedure) noexcept {
  take(caller, xid);  // sent again
  const bool is_full = count_ == calls_.size();
  if (is_full) {
    std::move(calls_.begin() + 1, calls_.end(), calls_.begin());
    --count_;
  }
  calls_[count_++] = {caller, xid, procedure};
  return !is_full;
}

std::optional<Procedure> OpenCalls::take(Side caller, std::uint32_t xid) noexcept {
  const auto end = calls_.begin() + static_cast<std::ptrdiff_t>(count_);
  const auto found = std::find_if(calls_.begin(), end,
                                  [&](const Call& call) { return call.caller == caller && call.xid == xid; });
  if (found == end) return {};
  const Procedure procedure = found->procedure;
  std::move(found + 1, end, found);
  --count_;
  return procedure;
}

void RpcParser::reset(const Assignment& assignment) noexcept {
  is_stream_ = assignment.transport == kOverTcp;
  next_id_ = 0;
  calls_.clear();
  for (RecordStream& stream : streams_) stream.reset(memory_.budget.is_tight());
}

Parsed RpcParser::feed(const StreamChunk& chunk, TransactionSink& sink) noexcept {
  if (is_stream_) {
    feed_stream(chunk, sink);
  } else if (!chunk.bytes().empty()) {
    on_message(chunk.bytes(), false, chunk.from, sink);
  }
  return Parsed::more;
}

void RpcParser::feed_stream(const StreamChunk& chunk, TransactionSink& sink) noexcept {
  RecordStream& stream = streams_[flow::index(chunk.from)];
  const auto tell = [&](Anomaly anomaly) { sink.on_anomaly(chunk.from, static_cast<std::size_t>(anomaly)); };
  Bytes rest = chunk.bytes();
  if (chunk.gap > 0) {
    tell(Anomaly::gap);
    if (stream.has_part()) on_message(stream.held(), true, chunk.from, sink);
    stream.lose(chunk.gap);
  }
  if (stream.is_lost()) {
    const bool is_message =
        probe_call(rest, kOverTcp) == Guess::yes || probe_reply(rest, kOverTcp) == Guess::yes;
    if (!is_message) return;
    stream.sync();
  }
  while (!rest.empty()) {
    const RecordStream::Taken taken = stream.take(rest);
    rest = rest.subspan(taken.used);
    if (!taken.is_message) continue;
    if (taken.is_cut) tell(taken.has_memory ? Anomaly::message_limit : Anomaly::memory_limit);
    on_message(stream.held(), taken.is_cut, chunk.from, sink);
  }
  if (chunk.last && stream.has_part()) on_message(stream.held(), true, chunk.from, sink);
}

void RpcParser::on_message(Bytes bytes, bool is_cut, Side from, TransactionSink& sink) noexcept {
  RpcMessage& message = memory_.message;
  AnomalyBits found = message.read(bytes, is_cut);
  std::optional<Procedure> called;
  found |= match(from, called);
  found |= message.read_content(called, is_cut);
  for (AnomalyBits left = found; left != 0; left &= left - 1)
    sink.on_anomaly(from, static_cast<std::size_t>(std::countr_zero(left)));
  message.id = next_id_++;
  message.progress = {};
  message.notes = {};
  message.progress[flow::index(from)] = kComplete;
  sink.on_progress(message, from);
  sink.on_end(message);
}

AnomalyBits RpcParser::match(Side from, std::optional<Procedure>& called) noexcept {
  const RpcMessage& message = memory_.message;
  if (!message.type) return 0;
  if (message.is_call()) {
    const bool is_kept = !message.procedure || calls_.add(from, message.xid, *message.procedure);
    return is_kept ? 0 : bit(Anomaly::call_limit);
  }
  called = calls_.take(flow::other(from), message.xid);
  return called ? 0 : bit(Anomaly::unmatched_reply);
}

}  // namespace bansoko::proto::rpc
