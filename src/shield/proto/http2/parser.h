// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

#include "shield/proto/http/exchange.h"
#include "shield/proto/http/transaction_pool.h"
#include "shield/proto/http2/anomaly.h"
#include "shield/proto/http2/hpack_decoder.h"
#include "shield/proto/http2/limits.h"
#include "shield/proto/http2/rewrite.h"
#include "shield/proto/http2/stream.h"
#include "shield/proto/protocol.h"

namespace bansoko::proto::http2 {

/// Follows HTTP/2 (RFC 9113) without TLS. Each request with its answer is a transaction; each frame that is
/// neither HEADERS nor more than the first DATA of a message is one of its own, of its sender's side.
class Http2Parser final : public Parser {
 public:
  static constexpr std::size_t kMostSettings = 32;  // of one frame, looked at

  /// `memory` outlives it. `wanted` reads the bits of reset().
  Http2Parser(const Limits& limits, http::HttpMemory& memory,
              http::WantedBodies (*wanted)(std::uint64_t) noexcept);

  Parsed feed(const StreamChunk& chunk, TransactionSink& sink) noexcept override;
  void end(TransactionSink& sink) noexcept override;
  void reset(const Assignment& assignment) noexcept override;

 private:
  enum class Step : std::uint8_t { preface, header, prefix, payload, padding, lost };
  /// Frames that bring nothing by themselves.
  enum class Idle : std::uint8_t { ping, settings, other };

  /// One side's place in its stream.
  struct Reader {
    Reader(Side of, const Limits& limits, MemoryBudget& budget) noexcept
        : side(of), hpack(budget, limits.table), block(budget) {}
    void reset() noexcept;

    Side side;
    Step step = Step::header;
    std::size_t collected = 0;                          // of preface, frame header or prefix
    std::array<std::uint8_t, kFrameHeaderSize> head{};  // of the frame under way
    FrameHeader frame;
    std::uint32_t left = 0;       // of its payload and padding
    std::uint32_t padding = 0;    // at its end
    std::size_t prefix_size = 0;  // of its payload: what is read as a whole, in `prefix`
    std::array<std::uint8_t, kMostSettings * kSettingSize> prefix{};
    bool is_skipped = false;                               // nothing is made of its payload
    StreamTransaction* at = nullptr;                       // whose DATA it is
    std::uint32_t last_stream = 0;                         // the highest it has opened
    std::array<std::uint64_t, kFrameTypes + 1> numbers{};  // frames by type, unknown ones last
    std::array<std::uint32_t, 3> idle{};                   // by Idle: since the last frame with content
    std::uint32_t most_length = kFirstMaxFrameSize;        // that the other side takes

    // The header block under way.
    HpackDecoder hpack;
    FieldList block;
    FrameFacts block_facts;  // of the frame that began it
    bool in_block = false;
    bool is_promise = false;
  };

  // Frames: parser.cpp
  void advance(Reader& reader, ByteReader& in);
  void read_preface(Reader& reader, ByteReader& in);
  void read_frame_header(Reader& reader, ByteReader& in);
  void begin_frame(Reader& reader);
  void read_prefix(Reader& reader, ByteReader& in);
  void read_payload(Reader& reader, ByteReader& in);
  void go_on(Reader& reader);
  bool check_place(Reader& reader);
  bool check_length(Reader& reader);
  std::size_t prefix_of(const FrameHeader& frame) const noexcept;
  void have_prefix(Reader& reader);
  void take_padding(Reader& reader, ByteReader& prefix);
  void bridge_gap(Reader& reader, std::uint64_t lost);
  void lose(Reader& reader);
  Reader& other(const Reader& reader) noexcept { return readers_[flow::index(flow::other(reader.side))]; }

  // Frames that belong to no message: parser_control.cpp
  void control_frame(Reader& reader, ByteReader& payload);
  FrameFacts facts_of(const Reader& reader) const noexcept;
  std::uint8_t read_priority(const Reader& reader, ByteReader& payload);
  void read_settings(Reader& reader, ByteReader& payload);
  void apply_setting(Reader& reader, std::uint16_t setting, std::uint32_t value);
  void reset_stream(Reader& reader);
  void count_frame(Reader& reader);
  void tell_frame(Reader& reader, const FrameFacts& facts);

  // Messages: parser_messages.cpp
  void begin_block(Reader& reader);
  void continue_block(Reader& reader);
  void end_block(Reader& reader);
  void tell_block_faults(const Reader& reader);
  void tell_promise(Reader& reader);
  void message_head(Reader& reader);
  void trailers(Reader& reader, StreamTransaction& stream);
  void interim_response(Reader& reader);
  void take_block(Reader& reader, StreamTransaction& to);
  void begin_message(Reader& reader, StreamTransaction& stream);
  void tell_head(StreamTransaction& stream, Side side);
  void begin_data(Reader& reader);
  void body_bytes(Reader& reader, Bytes bytes);
  void body_gap(Reader& reader, std::uint64_t size);
  void body_grown(Reader& reader, std::size_t before);
  void message_done(StreamTransaction& stream, Side side);

  // Streams: parser_streams.cpp
  StreamTransaction* find(std::uint32_t stream) noexcept;
  StreamTransaction& open(std::uint32_t stream);
  StreamTransaction& open_partial(std::uint32_t stream, Side of);
  StreamTransaction* open_for(Reader& reader);
  StreamTransaction* open_for_data(Reader& reader);
  void give_up_oldest();
  void end_stream(StreamTransaction& stream);
  void progress(StreamTransaction& stream, Side side, std::uint8_t step);
  void tell_message_anomalies(StreamTransaction& stream, Side side);

  void tell(Side side, Anomaly anomaly) noexcept { sink_->on_anomaly(side, index_of(anomaly)); }

  Limits limits_;
  http::HttpMemory& memory_;
  http::WantedBodies (*wanted_of_)(std::uint64_t) noexcept;
  http::WantedBodies wanted_;
  packet::WebServer server_ = packet::WebServer::generic;
  std::array<Reader, 2> readers_;
  http::TransactionPool<StreamTransaction> streams_;
  StreamTransaction frame_;   // for frames that belong to no message, one after the other
  std::size_t given_up_ = 0;  // streams of which more may come
  std::uint32_t resets_ = 0;  // by the client, of what was unanswered; streams that end otherwise count down
  std::uint64_t next_id_ = 0;
  Parsed result_ = Parsed::more;
  TransactionSink* sink_ = nullptr;  // during a call
};

}  // namespace bansoko::proto::http2
