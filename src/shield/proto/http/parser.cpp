// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/http/parser.h"

#include <algorithm>

#include "base/text.h"

namespace bansoko::proto::http {
namespace {

bool is_letter(std::uint8_t byte) noexcept {
  const char c = to_lower(static_cast<char>(byte));
  return c >= 'a' && c <= 'z';
}

}  // namespace

HttpParser::HttpParser(const Limits& limits, HttpMemory& memory,
                       WantedBodies (*wanted)(std::uint64_t) noexcept)
    : limits_(limits),
      memory_(memory),
      wanted_of_(wanted),
      readers_{Reader(Side::client, limits_), Reader(Side::server, limits_)},
      transactions_(memory) {}

Parsed HttpParser::feed(const StreamChunk& chunk, TransactionSink& sink) noexcept {
  if (result_ != Parsed::more) return result_;
  sink_ = &sink;
  Reader& reader = readers_[flow::index(chunk.from)];
  if (chunk.gap > 0) bridge_gap(reader, chunk.gap);
  ByteReader in(chunk.bytes());
  if (chunk.from == Side::server && !in.rest().empty()) answer_old_style();
  while (result_ == Parsed::more && !in.rest().empty()) advance(reader, in);
  if (has_upgraded_) sink.on_handover({.protocol = "http2", .left = in.rest().size()});
  if (result_ == Parsed::more && chunk.last) {
    reader.is_closed = true;
    close(reader);
    end_unanswered();
  }
  return result_;
}

void HttpParser::end(TransactionSink& sink) noexcept {
  sink_ = &sink;
  for (Reader& reader : readers_) close(reader);
  while (transactions_.size() > 0) end_transaction(*transactions_.live()[0]);
}

void HttpParser::reset(const Assignment& assignment) noexcept {
  wanted_ = wanted_of_(assignment.wanted);
  server_ = assignment.server.web_server;
  transactions_.reset();
  readers_ = {Reader(Side::client, limits_), Reader(Side::server, limits_)};
  given_up_ = 0;
  next_id_ = 0;
  is_tunnel_ = has_upgraded_ = false;
  result_ = Parsed::more;
}

void HttpParser::advance(Reader& reader, ByteReader& in) {
  switch (reader.step) {
    case Step::lost:
    case Step::idle:
      return begin_message(reader, in);
    case Step::start_line:
      return read_start_line(reader, in);
    case Step::headers:
      return read_headers(reader, in);
    case Step::length: {
      const Bytes bytes =
          in.take(static_cast<std::size_t>(std::min<std::uint64_t>(reader.rest, in.rest().size())));
      reader.rest -= bytes.size();
      body_bytes(reader, bytes);
      if (reader.rest == 0) message_done(reader);
      return;
    }
    case Step::chunked:
      return read_chunks(reader, in);
    case Step::trailers:
      return read_trailers(reader, in);
    case Step::until_close:
      return body_bytes(reader, in.take(in.rest().size()));
  }
}

bool HttpParser::looks_like_message(const Reader& reader, std::uint8_t first) const noexcept {
  if (reader.side == Side::server && (is_tunnel_ || reader.step == Step::lost))
    return first == 'H' || first == 'h';
  if (is_tunnel_ || reader.step == Step::lost) return is_letter(first);
  // A server answers whatever it likes, even without a status line.
  return reader.side == Side::server || (first > 0x20 && first < 0x7f) || first == ' ' ||
         (first >= '\t' && first <= '\f');
}

void HttpParser::begin_message(Reader& reader, ByteReader& in) {
  const std::uint8_t first = in.rest().front();
  const bool is_line_end = first == '\r' || first == '\n';
  if (is_line_end && !is_tunnel_) return in.skip(1);
  if (!looks_like_message(reader, first)) {
    result_ = is_tunnel_ ? Parsed::finished : Parsed::malformed;
    if (!is_tunnel_)
      tell(reader.side,
           reader.side == Side::client ? Anomaly::request_line_invalid : Anomaly::status_line_missing);
    return;
  }
  is_tunnel_ = false;
  reader.is_resuming = reader.step == Step::lost;
  reader.is_stray = reader.is_partial = false;
  reader.head.reset();
  reader.step = Step::start_line;
  if (reader.side == Side::client) {
    end_stray_response();
    if (transactions_.size() >= most_transactions()) give_up_oldest();
    reader.at = &open_transaction();
  } else {
    begin_response(reader);
  }
}

/// Finds the request that is being answered.
void HttpParser::begin_response(Reader& reader) {
  const auto live = transactions_.live();
  const auto unanswered =
      std::find_if(live.begin(), live.end(), [](const auto& row) { return !row->is_answered; });
  if (given_up_ == 0 && unanswered != live.end()) {
    reader.at = unanswered->get();
  } else {
    if (given_up_ > 0) {
      --given_up_;
    } else {
      tell(reader.side, Anomaly::response_without_request);
    }
    reader.at = &open_transaction();
    reader.at->is_over[flow::index(Side::client)] = true;
    reader.is_stray = true;
  }
  reader.at->is_answered = true;
}

/// Whether what has come of a response's first line shows that it is none.
bool HttpParser::is_without_status_line(const Message& message) const noexcept {
  constexpr std::string_view kName = "http";
  std::string_view text = message.head;
  text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
  const auto size = std::min(text.size(), kName.size());
  return !same_text(text.substr(0, size), kName.substr(0, size));
}

void HttpParser::read_start_line(Reader& reader, ByteReader& in) {
  Message& message = reader.at->message(reader.side);
  const bool is_complete = reader.head.read_start_line(in, message);
  message.count_memory();
  tell_anomalies(reader);
  if (reader.side == Side::server && is_without_status_line(message)) {
    if (reader.is_resuming) result_ = Parsed::malformed;
    message.anomalies.add(Anomaly::status_line_missing);
    message.headers_at = 0;
    begin_body(reader, Step::until_close);
    // The line is the body's beginning; body_bytes() must not read what it is about to clear.
    const Bytes line = as_bytes(message.head);
    body_bytes(reader, line);
    message.head.clear();
    return;
  }
  if (!is_complete) return;
  reader.step = Step::headers;
  message.check_start_line();
  tell_anomalies(reader);
  if (reader.side == Side::client) {
    const bool is_known = same_text(message.start().third.substr(0, 5), "http/");
    if (!is_known) message.anomalies.add(Anomaly::request_line_invalid);
    if (!is_known && reader.is_resuming) result_ = Parsed::malformed;
    tell_anomalies(reader);
    return progress(reader, kStartLine);
  }
  const bool is_interim = message.start().second.starts_with('1') && message.start().second != "101";
  if (is_interim && reader.is_stray) return;
  if (is_interim) begin_interim_response(reader);
  progress(reader, kStartLine);
}

void HttpParser::read_headers(Reader& reader, ByteReader& in) {
  Message& message = reader.at->message(reader.side);
  const bool is_complete = reader.head.read_headers(in, message);
  message.count_memory();
  tell_anomalies(reader);
  if (!is_complete) return;
  if (reader.is_partial) {
    progress(reader, kHeaders);
    tell_anomalies(reader);
    return message_done(reader);
  }
  if (reader.side == Side::client) return request_headers_done(reader);
  response_headers_done(reader);
}

void HttpParser::request_headers_done(Reader& reader) {
  const Framing framing = reader.at->request.framing;
  progress(reader, kHeaders);
  tell_anomalies(reader);
  if (framing.is_chunked) return begin_body(reader, Step::chunked);
  if (framing.length.value_or(0) == 0) return message_done(reader);
  reader.rest = *framing.length;
  begin_body(reader, Step::length);
}

void HttpParser::response_headers_done(Reader& reader) {
  Message& message = reader.at->response;
  const std::string_view status = message.start().second;
  if (status.starts_with('1') && status != "101") {
    message.reset();
    reader.head.reset();
    reader.step = Step::start_line;
    return;
  }
  const std::string_view method = reader.at->request.headers_at == 0 ? "" : reader.at->request.start().first;
  const Framing framing = message.framing;
  const bool has_switched = status == "101";
  const bool is_tunnel = method == "CONNECT" && status.starts_with('2');
  // RFC 7540 section 3.2: the request is answered as stream 1 of HTTP/2.
  Header* const upgrade = message.headers.find("upgrade");
  const bool is_upgrade = has_switched && upgrade != nullptr && same_text(upgrade->value, "h2c");
  const bool has_no_body =
      has_switched || is_tunnel || method == "HEAD" || status == "204" || status == "304";
  progress(reader, kHeaders);
  tell_anomalies(reader);
  if (has_no_body) {
    message_done(reader);
    if (has_switched) result_ = Parsed::finished;
    has_upgraded_ = is_upgrade;
    is_tunnel_ |= is_tunnel;
    return;
  }
  if (framing.is_chunked) return begin_body(reader, Step::chunked);
  if (!framing.length) return begin_body(reader, Step::until_close);
  if (*framing.length == 0) return message_done(reader);
  reader.rest = *framing.length;
  begin_body(reader, Step::length);
}

void HttpParser::begin_body(Reader& reader, Step step) {
  http::begin_body(*reader.at, reader.side, limits_, wanted_);
  reader.chunks.reset();
  reader.step = step;
}

void HttpParser::read_chunks(Reader& reader, ByteReader& in) {
  const auto piece = reader.chunks.read(in);
  note_chunk_flaws(reader);
  switch (piece.got) {
    case ChunkedReader::Got::nothing:
      return tell_anomalies(reader);
    case ChunkedReader::Got::data:
      return body_bytes(reader, piece.data);
    case ChunkedReader::Got::end:
      tell_anomalies(reader);
      reader.step = Step::trailers;
      return;
    case ChunkedReader::Got::invalid:
      break;
  }
  reader.at->message(reader.side).anomalies.add(Anomaly::chunk_size_invalid);
  if (reader.side == Side::client) {
    tell_anomalies(reader);
    result_ = Parsed::malformed;
    return;
  }
  // A client may show what it got all the same, so the rest is looked at as it stands.
  reader.step = Step::until_close;
  body_bytes(reader, piece.data);
}

void HttpParser::body_bytes(Reader& reader, Bytes bytes) {
  Body& body = reader.at->message(reader.side).body;
  const auto size = body.bytes().size();
  body.append(bytes);
  find_uploads(*reader.at, reader.side, limits_, wanted_, false);
  tell_anomalies(reader);
  if (body.bytes().size() > size) progress(reader, kBody);
}

/// A request of HTTP/0.9 has no headers and no sign of its end but that it is answered.
void HttpParser::answer_old_style() {
  Reader& client = readers_[flow::index(Side::client)];
  if (client.step != Step::headers || client.at->is_answered) return;
  Message& request = client.at->request;
  if (request.head.size() > request.headers_at || same_text(request.start().third.substr(0, 5), "http/"))
    return;
  request.headers_done();
  progress(client, kHeaders);
  message_done(client);
}

/// With a new request the server has something to answer again.
void HttpParser::end_stray_response() {
  Reader& server = readers_[flow::index(Side::server)];
  if (server.is_stray && server.step == Step::until_close) message_done(server);
}

void HttpParser::bridge_gap(Reader& reader, std::uint64_t lost) {
  const bool is_body =
      reader.step == Step::length || reader.step == Step::chunked || reader.step == Step::until_close;
  if (is_body) {
    std::uint64_t beyond = 0;
    if (reader.step == Step::length) beyond = lost - std::min(lost, reader.rest);
    if (reader.step == Step::chunked) beyond = reader.chunks.skip(lost);
    Body& body = reader.at->message(reader.side).body;
    const auto size = body.bytes().size();
    reader.at->message(reader.side).sums.spoil();
    body.append_gap(lost - beyond);
    find_uploads(*reader.at, reader.side, limits_, wanted_, false);
    tell_anomalies(reader);
    if (body.bytes().size() > size) progress(reader, kBody);
    if (reader.step == Step::length && (reader.rest -= lost - beyond) == 0) message_done(reader);
    lost = beyond;
  }
  if (lost > 0) lose(reader);
}

/// Where the next message begins is unknown.
void HttpParser::lose(Reader& reader) {
  tell(reader.side, Anomaly::lost_in_gap);
  if (reader.at != nullptr) message_over(reader);
  reader.step = Step::lost;
}

void HttpParser::close(Reader& reader) {
  if (reader.at == nullptr) return;
  Message& message = reader.at->message(reader.side);
  if (reader.step == Step::start_line && reader.side == Side::client) {
    reader.head.cut_start_line(message);
    message.check_start_line();
    tell_anomalies(reader);
    if (!message.start().second.empty()) progress(reader, kStartLine);
  }
  if (reader.step == Step::headers) {
    reader.head.cut_headers(message);
    const bool is_stray_interim =
        reader.side == Side::server && !reader.is_partial && reader.at->progress[1] == kNotStarted;
    if (!is_stray_interim) progress(reader, kHeaders);
    tell_anomalies(reader);
  }
  if (reader.step == Step::until_close) return message_done(reader);
  message_over(reader);
}

/// Requests that are over wait for nothing once the server is silent.
void HttpParser::end_unanswered() {
  if (!readers_[flow::index(Side::server)].is_closed) return;
  for (std::size_t i = transactions_.size(); i-- > 0;)
    if (HttpTransaction& row = *transactions_.live()[i]; row.is_over[0] && !row.is_answered)
      end_transaction(row);
}

void HttpParser::progress(Reader& reader, std::uint8_t step) {
  auto& now = reader.at->progress[flow::index(reader.side)];
  now = std::max(now, step);
  sink_->on_progress(*reader.at, reader.side);
  reader.at->request.count_memory();
  reader.at->response.count_memory();
}

/// The message came to its proper end.
void HttpParser::message_done(Reader& reader) {
  find_uploads(*reader.at, reader.side, limits_, wanted_, true);
  end_file(*reader.at, reader.side, true);
  tell_anomalies(reader);
  progress(reader, kComplete);
  message_over(reader);
}

/// Nothing more comes of the message.
void HttpParser::message_over(Reader& reader) {
  HttpTransaction& transaction = *reader.at;
  if (transaction.message(reader.side).sums.is_open()) {
    end_file(transaction, reader.side, false);
    tell_anomalies(reader);
    progress(reader, kBody);
  }
  reader.at = nullptr;
  reader.step = Step::idle;
  transaction.message(reader.side).body.finish();
  transaction.is_over[flow::index(reader.side)] = true;
  if (transaction.is_over[0] && transaction.is_over[1]) return end_transaction(transaction);
  end_unanswered();
}

}  // namespace bansoko::proto::http
