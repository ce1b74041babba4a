// SPDX-License-Identifier: Apache-2.0
// Requests and answers: their header blocks and bodies.
#include "shield/proto/http2/parser.h"

namespace bansoko::proto::http2 {

void Http2Parser::begin_block(Reader& reader) {
  reader.block.clear();
  reader.hpack.begin_block();
  reader.block_facts = facts_of(reader);
  reader.in_block = true;
  reader.is_promise = reader.frame.is(FrameType::push_promise);
}

void Http2Parser::continue_block(Reader& reader) {
  if (++reader.block_facts.continuations == limits_.continuations + 1)
    tell(reader.side, Anomaly::too_many_continuations);
  tell_frame(reader, facts_of(reader));
}

void Http2Parser::end_block(Reader& reader) {
  reader.in_block = false;
  reader.hpack.end_block(reader.block);
  reader.block_facts.block_size = reader.hpack.block_size();
  tell_block_faults(reader);
  if (reader.is_promise) return tell_promise(reader);
  message_head(reader);
}

void Http2Parser::tell_block_faults(const Reader& reader) {
  const HpackFaults& faults = reader.hpack.faults();
  if (faults.index || faults.huffman || faults.cut) tell(reader.side, Anomaly::invalid_header);
  if (faults.integer_overflow) tell(reader.side, Anomaly::header_integer_overflow);
  if (faults.size_update) tell(reader.side, Anomaly::header_size_update);
  if (faults.too_long) tell(reader.side, Anomaly::header_block_limit);
  if (reader.block.losses().unknown) tell(reader.side, Anomaly::header_unknown);
}

/// RFC 9113 section 8.4: a request that the server makes up. It says what is to come on another stream.
void Http2Parser::tell_promise(Reader& reader) {
  take_block(reader, frame_);
  const FrameFacts facts = frame_.half(reader.side).facts;
  tell_frame(reader, facts);
}

void Http2Parser::message_head(Reader& reader) {
  StreamTransaction* stream = find(reader.block_facts.header.stream);
  if (stream != nullptr && stream->half(reader.side).is_begun) return trailers(reader, *stream);
  if (stream == nullptr) stream = open_for(reader);
  if (stream == nullptr) return;
  FieldFaults ignored;
  const bool is_interim = reader.side == Side::server && !reader.block_facts.header.has(kFlagEndStream) &&
                          pseudo_headers(reader.block, Side::server, ignored).status.starts_with('1');
  if (is_interim) return interim_response(reader);
  begin_message(reader, *stream);
}

/// The block becomes that of the transaction's message.
void Http2Parser::take_block(Reader& reader, StreamTransaction& to) {
  Half& half = to.half(reader.side);
  half.facts = reader.block_facts;
  half.fields.swap(reader.block);
  const auto updates = reader.hpack.updates();
  half.updates.assign(updates.begin(), updates.end());
}

void Http2Parser::begin_message(Reader& reader, StreamTransaction& stream) {
  take_block(reader, stream);
  stream.half(reader.side).is_begun = true;
  tell_head(stream, reader.side);
  if (stream.half(reader.side).facts.header.has(kFlagEndStream)) return message_done(stream, reader.side);
  http::begin_body(stream, reader.side, limits_.http, wanted_);
}

/// Reads the message's fields and tells of them.
void Http2Parser::tell_head(StreamTransaction& stream, Side side) {
  const FieldList& fields = stream.half(side).fields;
  http::Message& message = stream.message(side);
  const FieldFaults faults = rewrite(fields, side, message);
  const FieldList::Losses& losses = fields.losses();
  if (losses.part_limit) message.anomalies.add(http::Anomaly::header_too_long);
  if (losses.text_limit) message.anomalies.add(http::Anomaly::headers_too_large);
  if (losses.count_limit) message.anomalies.add(http::Anomaly::too_many_headers);
  if (losses.memory_limit) message.anomalies.add(http::Anomaly::memory_limit);
  if (faults.pseudo_header) tell(side, Anomaly::pseudo_header_invalid);
  if (faults.upper_case) tell(side, Anomaly::header_upper_case);
  if (faults.connection_header) tell(side, Anomaly::connection_header);
  if (faults.host_mismatch) tell(side, Anomaly::authority_host_mismatch);
  if (faults.userinfo) tell(side, Anomaly::userinfo_in_uri);
  tell_message_anomalies(stream, side);
  progress(stream, side, http::kHeaders);
}

/// Buffers do not change once they are ready: the headers with the trailers are a transaction of their own.
void Http2Parser::trailers(Reader& reader, StreamTransaction& stream) {
  const Side side = reader.side;
  const bool is_end = reader.block_facts.header.has(kFlagEndStream);
  if (stream.is_over[flow::index(side)]) tell(side, Anomaly::stream_closed);
  StreamTransaction& whole = open_partial(stream.stream, side);
  Half& half = whole.half(side);
  half.facts = reader.block_facts;
  half.fields.append(stream.half(side).fields);
  half.fields.append(reader.block);
  if (is_end && !stream.is_over[flow::index(side)]) message_done(stream, side);
  tell_head(whole, side);
  end_stream(whole);
}

/// The request is not answered yet: what comes now is a transaction of its own.
void Http2Parser::interim_response(Reader& reader) {
  StreamTransaction& interim = open_partial(reader.block_facts.header.stream, Side::server);
  take_block(reader, interim);
  tell_head(interim, Side::server);
  end_stream(interim);
}

void Http2Parser::begin_data(Reader& reader) {
  reader.at = find(reader.frame.stream);
  if (reader.at == nullptr) reader.at = open_for_data(reader);
  if (reader.at == nullptr) return;
  StreamTransaction& stream = *reader.at;
  Half& half = stream.half(reader.side);
  if (stream.is_over[flow::index(reader.side)]) {
    tell(reader.side, Anomaly::stream_closed);
    reader.at = nullptr;
    return;
  }
  if (!half.is_begun) {
    tell(reader.side, Anomaly::stream_unknown);
    half.is_begun = true;
    http::begin_body(stream, reader.side, limits_.http, wanted_);
  }
  if (half.has_data) return;
  half.has_data = true;
  tell_frame(reader, facts_of(reader));
}

void Http2Parser::body_bytes(Reader& reader, Bytes bytes) {
  if (reader.at == nullptr || bytes.empty()) return;
  http::Body& body = reader.at->message(reader.side).body;
  const std::size_t before = body.bytes().size();
  reader.at->half(reader.side).body_size += bytes.size();
  body.append(bytes);
  body_grown(reader, before);
}

void Http2Parser::body_gap(Reader& reader, std::uint64_t size) {
  if (reader.at == nullptr || size == 0) return;
  http::Body& body = reader.at->message(reader.side).body;
  const std::size_t before = body.bytes().size();
  reader.at->half(reader.side).body_size += size;
  reader.at->message(reader.side).sums.spoil();
  body.append_gap(size);
  body_grown(reader, before);
}

void Http2Parser::body_grown(Reader& reader, std::size_t before) {
  StreamTransaction& stream = *reader.at;
  http::find_uploads(stream, reader.side, limits_.http, wanted_, false);
  tell_message_anomalies(stream, reader.side);
  if (stream.message(reader.side).body.bytes().size() > before) progress(stream, reader.side, http::kBody);
}

/// The message came to its proper end.
void Http2Parser::message_done(StreamTransaction& stream, Side side) {
  http::find_uploads(stream, side, limits_.http, wanted_, true);
  http::end_file(stream, side, true);
  tell_message_anomalies(stream, side);
  const auto length = stream.message(side).framing.length;
  const std::uint64_t body = stream.half(side).body_size;
  // An answer to HEAD, or that nothing has changed, states the length of what it leaves out.
  const bool has_no_body = side == Side::server && body == 0;
  if (length && *length != body && !has_no_body) tell(side, Anomaly::content_length_mismatch);
  progress(stream, side, kComplete);
  stream.message(side).body.finish();
  stream.is_over[flow::index(side)] = true;
  if (stream.is_over[0] && stream.is_over[1]) end_stream(stream);
}

}  // namespace bansoko::proto::http2
