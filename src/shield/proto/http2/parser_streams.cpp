// SPDX-License-Identifier: Apache-2.0
// The streams of a connection: which are open, and what they cost.
#include <algorithm>

#include "shield/proto/http2/parser.h"

namespace bansoko::proto::http2 {
namespace {

constexpr std::size_t kStreamsWithoutMemory = 8;

}  // namespace

StreamTransaction* Http2Parser::find(std::uint32_t stream) noexcept {
  const auto live = streams_.live();
  // What is spoken of is mostly new.
  for (std::size_t i = live.size(); i-- > 0;)
    if (live[i]->stream == stream) return live[i].get();
  return nullptr;
}

StreamTransaction& Http2Parser::open(std::uint32_t stream) {
  StreamTransaction& opened = streams_.open(next_id_++);
  opened.stream = stream;
  opened.request.server = server_;
  for (const Reader& reader : readers_) opened.is_over[flow::index(reader.side)] = reader.step == Step::lost;
  return opened;
}

/// A transaction of one side alone.
StreamTransaction& Http2Parser::open_partial(std::uint32_t stream, Side of) {
  StreamTransaction& opened = open(stream);
  opened.is_over[flow::index(flow::other(of))] = true;
  return opened;
}

/// For a message that begins on a stream that is not open. Null: its receiver does not look at it.
StreamTransaction* Http2Parser::open_for(Reader& reader) {
  const std::uint32_t stream = reader.block_facts.header.stream;
  Reader& client = readers_[flow::index(Side::client)];
  const bool is_new = stream > client.last_stream;
  const std::size_t most = memory_.budget.is_full()
                               ? std::min(limits_.http.transactions, kStreamsWithoutMemory)
                               : limits_.http.transactions;
  if (reader.side == Side::client) {
    // RFC 9113 section 5.1.1: odd numbers, each higher than the one before.
    if (stream % 2 == 0) tell(reader.side, Anomaly::invalid_frame_header);
    if (!is_new && given_up_ == 0) tell(reader.side, Anomaly::stream_id_reuse);
    client.last_stream = std::max(client.last_stream, stream);
    if (streams_.size() >= most) give_up_oldest();
    return &open(stream);
  }
  const bool is_promised = stream % 2 == 0;
  // The client has ended it, and what was on the way is for nobody.
  if (!is_promised && !is_new && given_up_ == 0) return nullptr;
  // Stream 1 may answer the request of HTTP/1 that asked for the upgrade (RFC 7540 section 3.2).
  const bool is_upgraded = stream == 1;
  if (!is_promised && is_new && !is_upgraded && client.step != Step::lost)
    tell(reader.side, Anomaly::stream_unknown);
  if (streams_.size() >= most) give_up_oldest();
  return &open_partial(stream, Side::server);
}

/// For DATA on a stream that is not open, likewise: what was given up is looked at without its headers.
StreamTransaction* Http2Parser::open_for_data(Reader& reader) {
  const bool is_new = reader.frame.stream > readers_[flow::index(Side::client)].last_stream;
  if (!is_new && given_up_ == 0) return nullptr;
  if (streams_.size() >= limits_.http.transactions) give_up_oldest();
  return &open_partial(reader.frame.stream, reader.side);
}

/// Makes room, best by a stream whose request is complete.
void Http2Parser::give_up_oldest() {
  const auto live = streams_.live();
  const auto asked = std::ranges::find_if(live, [](const auto& row) { return row->is_over[0]; });
  tell(Side::client, Anomaly::too_many_streams);
  ++given_up_;
  end_stream(asked == live.end() ? *live.front() : **asked);
}

void Http2Parser::end_stream(StreamTransaction& stream) {
  if (stream.is_over[0] && stream.is_over[1] && resets_ > 0) --resets_;
  for (const Side side : {Side::client, Side::server}) {
    if (!stream.message(side).sums.is_open()) continue;
    http::end_file(stream, side, false);
    tell_message_anomalies(stream, side);
    progress(stream, side, http::kBody);
  }
  sink_->on_end(stream);
  for (Reader& reader : readers_)
    if (reader.at == &stream) reader.at = nullptr;
  streams_.close(stream);
}

void Http2Parser::progress(StreamTransaction& stream, Side side, std::uint8_t step) {
  std::uint8_t& now = stream.progress[flow::index(side)];
  now = std::max(now, step);
  sink_->on_progress(stream, side);
  stream.count_memory();
}

void Http2Parser::tell_message_anomalies(StreamTransaction& stream, Side side) {
  http::note_body_findings(stream, side);
  const bool is_new =
      stream.message(side).anomalies.drain([&](std::size_t anomaly) { sink_->on_anomaly(side, anomaly); });
  // Rules about anomalies are to speak before the bytes pass, whether or not a step is done.
  if (const std::uint8_t now = stream.progress[flow::index(side)]; is_new && now != kNotStarted)
    progress(stream, side, now);
}

}  // namespace bansoko::proto::http2
