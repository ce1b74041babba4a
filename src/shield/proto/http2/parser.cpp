// SPDX-License-Identifier: Apache-2.0
// The frames of each side: where they begin and end, and what they belong to.
#include "shield/proto/http2/parser.h"

#include <algorithm>
#include <numeric>

#include "shield/proto/http/probe.h"

namespace bansoko::proto::http2 {

void Http2Parser::Reader::reset() noexcept {
  step = side == Side::client ? Step::preface : Step::header;
  collected = prefix_size = 0;
  frame = {};
  left = padding = last_stream = 0;
  is_skipped = in_block = is_promise = false;
  at = nullptr;
  numbers = {};
  idle = {};
  most_length = kFirstMaxFrameSize;
  hpack.reset();
  block.clear();
  block.shrink();
  block_facts = {};
}

Http2Parser::Http2Parser(const Limits& limits, http::HttpMemory& memory,
                         http::WantedBodies (*wanted)(std::uint64_t) noexcept)
    : limits_(limits),
      memory_(memory),
      wanted_of_(wanted),
      readers_{Reader(Side::client, limits_, memory.budget), Reader(Side::server, limits_, memory.budget)},
      streams_(memory),
      frame_(memory) {
  frame_.settings.reserve(kMostSettings);
}

Parsed Http2Parser::feed(const StreamChunk& chunk, TransactionSink& sink) noexcept {
  if (result_ != Parsed::more) return result_;
  sink_ = &sink;
  Reader& reader = readers_[flow::index(chunk.from)];
  if (chunk.gap > 0) bridge_gap(reader, chunk.gap);
  ByteReader in(chunk.bytes());
  while (result_ == Parsed::more && !in.rest().empty()) advance(reader, in);
  reader.block.count_memory();
  return result_;
}

void Http2Parser::end(TransactionSink& sink) noexcept {
  sink_ = &sink;
  while (streams_.size() > 0) end_stream(*streams_.live()[0]);
}

void Http2Parser::reset(const Assignment& assignment) noexcept {
  wanted_ = wanted_of_(assignment.wanted);
  server_ = assignment.server.web_server;
  for (Reader& reader : readers_) reader.reset();
  streams_.reset();
  given_up_ = 0;
  resets_ = 0;
  next_id_ = 0;
  result_ = Parsed::more;
}

void Http2Parser::advance(Reader& reader, ByteReader& in) {
  switch (reader.step) {
    case Step::preface:
      return read_preface(reader, in);
    case Step::header:
      return read_frame_header(reader, in);
    case Step::prefix:
      return read_prefix(reader, in);
    case Step::payload:
      return read_payload(reader, in);
    case Step::padding: {
      const auto size = std::min<std::size_t>(reader.left, in.rest().size());
      in.skip(size);
      reader.left -= static_cast<std::uint32_t>(size);
      return go_on(reader);
    }
    case Step::lost:
      return in.skip(in.rest().size());
  }
}

void Http2Parser::read_preface(Reader& reader, ByteReader& in) {
  const std::string_view wanted = http::kHttp2Preface.substr(reader.collected);
  const Bytes piece = in.take(std::min(wanted.size(), in.rest().size()));
  reader.collected += piece.size();
  if (!wanted.starts_with(as_text(piece))) {
    tell(reader.side, Anomaly::invalid_client_magic);
    result_ = Parsed::malformed;
    return;
  }
  if (reader.collected < http::kHttp2Preface.size()) return;
  reader.collected = 0;
  reader.step = Step::header;
}

void Http2Parser::read_frame_header(Reader& reader, ByteReader& in) {
  const Bytes piece = in.take(std::min(kFrameHeaderSize - reader.collected, in.rest().size()));
  std::ranges::copy(piece, reader.head.begin() + static_cast<std::ptrdiff_t>(reader.collected));
  reader.collected += piece.size();
  if (reader.collected == kFrameHeaderSize) begin_frame(reader);
}

std::size_t Http2Parser::prefix_of(const FrameHeader& frame) const noexcept {
  const std::size_t padding = frame.has(kFlagPadded) ? 1 : 0;
  switch (static_cast<FrameType>(frame.type)) {
    case FrameType::data:
      return padding;
    case FrameType::headers:
      return padding + (frame.has(kFlagPriority) ? 5 : 0);
    case FrameType::push_promise:
      return padding + 4;
    case FrameType::settings:
      return std::min<std::size_t>(frame.length, kMostSettings * kSettingSize);
    case FrameType::priority:
      return 5;
    case FrameType::rst_stream:
    case FrameType::window_update:
      return 4;
    case FrameType::goaway:
      return 8;
    default:
      return 0;
  }
}

void Http2Parser::begin_frame(Reader& reader) {
  const bool is_first = std::accumulate(reader.numbers.begin(), reader.numbers.end(), std::uint64_t{0}) == 0;
  reader.frame = FrameHeader::from(reader.head);
  reader.collected = 0;
  reader.left = reader.frame.length;
  reader.padding = 0;
  reader.at = nullptr;
  // RFC 9113 section 3.4. A server of another protocol answers the preface in its own.
  if (is_first && (!reader.frame.is(FrameType::settings) || reader.frame.stream != 0)) {
    tell(reader.side, Anomaly::invalid_frame_header);
    result_ = Parsed::malformed;
    return;
  }
  count_frame(reader);
  if (reader.frame.length > reader.most_length) tell(reader.side, Anomaly::long_frame_data);
  const bool goes_on_block =
      reader.frame.is(FrameType::continuation) && reader.frame.stream == reader.block_facts.header.stream;
  if (reader.in_block && !goes_on_block) {
    tell(reader.side, Anomaly::invalid_frame_header);
    end_block(reader);
  }
  reader.is_skipped = !check_place(reader) || !check_length(reader);
  reader.prefix_size = reader.is_skipped ? 0 : prefix_of(reader.frame);
  if (reader.prefix_size > 0) {
    reader.step = Step::prefix;
    return;
  }
  if (!reader.is_skipped) have_prefix(reader);
  go_on(reader);
}

/// RFC 9113 section 6: which frames are about a stream, and who may send them when.
bool Http2Parser::check_place(Reader& reader) {
  const FrameHeader& frame = reader.frame;
  if (frame.type >= kFrameTypes) return true;
  const bool is_of_connection =
      frame.is(FrameType::settings) || frame.is(FrameType::ping) || frame.is(FrameType::goaway);
  const bool is_wrong = (is_of_connection && frame.stream != 0) ||
                        (!is_of_connection && frame.stream == 0 && !frame.is(FrameType::window_update)) ||
                        (frame.is(FrameType::continuation) && !reader.in_block) ||
                        (frame.is(FrameType::push_promise) && reader.side == Side::client);
  if (!is_wrong) return true;
  const bool is_data = frame.is(FrameType::data);
  tell(reader.side, is_data ? Anomaly::data_stream_zero : Anomaly::invalid_frame_header);
  return false;
}

bool Http2Parser::check_length(Reader& reader) {
  const FrameHeader& frame = reader.frame;
  const std::size_t prefix = prefix_of(frame);
  bool is_exact = false;
  std::size_t wanted = prefix;
  if (frame.is(FrameType::settings)) {
    wanted = frame.has(kFlagAck) ? 0 : frame.length / kSettingSize * kSettingSize;
    is_exact = true;
  } else if (frame.is(FrameType::ping)) {
    wanted = 8;
    is_exact = true;
  } else {
    is_exact = frame.is(FrameType::priority) || frame.is(FrameType::rst_stream) ||
               frame.is(FrameType::window_update);
  }
  if (is_exact ? frame.length == wanted : frame.length >= wanted) return true;
  tell(reader.side, Anomaly::invalid_frame_length);
  return false;
}

void Http2Parser::read_prefix(Reader& reader, ByteReader& in) {
  const Bytes piece = in.take(std::min(reader.prefix_size - reader.collected, in.rest().size()));
  std::ranges::copy(piece, reader.prefix.begin() + static_cast<std::ptrdiff_t>(reader.collected));
  reader.collected += piece.size();
  reader.left -= static_cast<std::uint32_t>(piece.size());
  if (reader.collected < reader.prefix_size) return;
  have_prefix(reader);
  go_on(reader);
}

void Http2Parser::have_prefix(Reader& reader) {
  ByteReader prefix(Bytes(reader.prefix).first(reader.prefix_size));
  const FrameHeader& frame = reader.frame;
  if (frame.is(FrameType::data)) {
    take_padding(reader, prefix);
    return begin_data(reader);
  }
  if (frame.is(FrameType::continuation)) return continue_block(reader);
  if (!frame.has_block()) return control_frame(reader, prefix);
  take_padding(reader, prefix);
  begin_block(reader);
  if (frame.is(FrameType::headers) && frame.has(kFlagPriority))
    reader.block_facts.priority = read_priority(reader, prefix);
}

void Http2Parser::take_padding(Reader& reader, ByteReader& prefix) {
  if (!reader.frame.has(kFlagPadded)) return;
  reader.padding = prefix.u8();
  if (reader.padding <= reader.left) return;
  tell(reader.side, Anomaly::invalid_frame_data);
  reader.padding = 0;
}

void Http2Parser::read_payload(Reader& reader, ByteReader& in) {
  const Bytes piece = in.take(std::min<std::size_t>(reader.left - reader.padding, in.rest().size()));
  reader.left -= static_cast<std::uint32_t>(piece.size());
  if (!reader.is_skipped && reader.frame.is(FrameType::data)) body_bytes(reader, piece);
  if (!reader.is_skipped && reader.frame.has_block()) reader.hpack.read(piece, reader.block, limits_.fields);
  go_on(reader);
}

/// What of the frame comes next, or the next frame.
void Http2Parser::go_on(Reader& reader) {
  if (result_ != Parsed::more) return;
  if (reader.left > 0) {
    reader.step = reader.left > reader.padding ? Step::payload : Step::padding;
    return;
  }
  reader.step = Step::header;
  reader.collected = 0;
  if (reader.is_skipped) return;
  const FrameHeader& frame = reader.frame;
  if (frame.is(FrameType::data) && frame.has(kFlagEndStream) && reader.at != nullptr)
    message_done(*reader.at, reader.side);
  if (frame.has_block() && frame.has(kFlagEndHeaders)) end_block(reader);
}

void Http2Parser::bridge_gap(Reader& reader, std::uint64_t lost) {
  if (reader.step == Step::lost) return;
  const bool is_in_frame = reader.step == Step::prefix || reader.step == Step::payload;
  // What the rest of the frame is about is not known.
  if (reader.step == Step::prefix) reader.is_skipped = true;
  if (is_in_frame && reader.frame.has_block()) reader.hpack.lose();
  if (is_in_frame || reader.step == Step::padding) {
    const std::uint64_t here = std::min<std::uint64_t>(lost, reader.left);
    const std::uint64_t of_payload = std::min<std::uint64_t>(here, reader.left - reader.padding);
    if (!reader.is_skipped && reader.frame.is(FrameType::data)) body_gap(reader, of_payload);
    reader.left -= static_cast<std::uint32_t>(here);
    lost -= here;
    go_on(reader);
  }
  if (lost > 0) lose(reader);
}

/// Where the next frame begins is unknown: nothing more is read of that side.
void Http2Parser::lose(Reader& reader) {
  tell(reader.side, Anomaly::lost_in_gap);
  reader.step = Step::lost;
  for (std::size_t i = streams_.size(); i-- > 0;) {
    StreamTransaction& stream = *streams_.live()[i];
    stream.message(reader.side).body.finish();
    stream.is_over[flow::index(reader.side)] = true;
    if (stream.is_over[0] && stream.is_over[1]) end_stream(stream);
  }
}

}  // namespace bansoko::proto::http2
