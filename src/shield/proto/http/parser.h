// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

#include "shield/proto/file_sums.h"
#include "shield/proto/http/chunked_reader.h"
#include "shield/proto/http/exchange.h"
#include "shield/proto/http/head_reader.h"
#include "shield/proto/http/limits.h"
#include "shield/proto/http/message.h"
#include "shield/proto/http/transaction_pool.h"
#include "shield/proto/protocol.h"

namespace bansoko::proto::http {

/// Follows HTTP/1.x and what is left of HTTP/0.9.
class HttpParser final : public Parser {
 public:
  /// `memory` outlives it. `wanted` reads the bits of reset().
  HttpParser(const Limits& limits, HttpMemory& memory, WantedBodies (*wanted)(std::uint64_t) noexcept);

  Parsed feed(const StreamChunk& chunk, TransactionSink& sink) noexcept override;
  void end(TransactionSink& sink) noexcept override;
  void reset(const Assignment& assignment) noexcept override;

 private:
  enum class Step : std::uint8_t { idle, start_line, headers, length, chunked, trailers, until_close, lost };

  /// One side's place in its stream.
  struct Reader {
    Reader(Side of, const Limits& limits) noexcept : side(of), head(of, limits) {}

    Side side;
    Step step = Step::idle;
    bool is_stray = false;          // what a server said unasked, and not as a response
    bool is_resuming = false;       // after a gap: what comes must look like a message
    bool is_closed = false;         // nothing follows
    bool is_partial = false;        // an interim response, or headers with trailers: no body, answers nothing
    HttpTransaction* at = nullptr;  // whose message is under way
    std::uint64_t rest = 0;         // of a body of known length
    HeadReader head;
    ChunkedReader chunks;
  };

  void advance(Reader& reader, ByteReader& in);
  void begin_message(Reader& reader, ByteReader& in);
  void begin_response(Reader& reader);
  void begin_interim_response(Reader& reader);
  void read_start_line(Reader& reader, ByteReader& in);
  void read_headers(Reader& reader, ByteReader& in);
  void request_headers_done(Reader& reader);
  void response_headers_done(Reader& reader);
  void begin_body(Reader& reader, Step step);
  void read_chunks(Reader& reader, ByteReader& in);
  void read_trailers(Reader& reader, ByteReader& in);
  void begin_trailers(Reader& reader);
  void body_bytes(Reader& reader, Bytes bytes);
  void answer_old_style();
  void end_stray_response();
  bool is_without_status_line(const Message& message) const noexcept;
  bool looks_like_message(const Reader& reader, std::uint8_t first) const noexcept;

  void bridge_gap(Reader& reader, std::uint64_t lost);
  void lose(Reader& reader);
  void close(Reader& reader);
  void end_unanswered();

  void progress(Reader& reader, std::uint8_t step);
  void message_done(Reader& reader);
  void message_over(Reader& reader);
  void tell_anomalies(Reader& reader);
  void note_chunk_flaws(Reader& reader) noexcept;
  void tell(Side side, Anomaly anomaly) noexcept {
    sink_->on_anomaly(side, static_cast<std::size_t>(anomaly));
  }

  std::size_t most_transactions() const noexcept;
  HttpTransaction& open_transaction();
  HttpTransaction& open_partial(Side of);
  void end_transaction(HttpTransaction& transaction);
  void give_up_oldest();

  Limits limits_;
  HttpMemory& memory_;
  WantedBodies (*wanted_of_)(std::uint64_t) noexcept;
  WantedBodies wanted_;
  packet::WebServer server_ = packet::WebServer::generic;
  std::array<Reader, 2> readers_;
  TransactionPool<HttpTransaction> transactions_;
  std::size_t given_up_ = 0;  // requests no longer known whose answers are still to come
  std::uint64_t next_id_ = 0;
  bool has_upgraded_ = false;  // what follows is HTTP/2
  bool is_tunnel_ = false;     // a CONNECT was granted: what follows may be anything
  Parsed result_ = Parsed::more;
  TransactionSink* sink_ = nullptr;  // during a call
};

}  // namespace bansoko::proto::http
