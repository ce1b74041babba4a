// SPDX-License-Identifier: Apache-2.0
// What is told as a transaction of one side alone: interim responses, and headers with the trailers behind a
// body.
#include "shield/proto/http/parser.h"

namespace bansoko::proto::http {

/// A transaction of one side alone.
HttpTransaction& HttpParser::open_partial(Side of) {
  HttpTransaction& transaction = open_transaction();
  transaction.is_answered = true;
  transaction.is_over[flow::index(flow::other(of))] = true;
  return transaction;
}

/// The request is not answered yet: what comes now is a transaction of its own.
void HttpParser::begin_interim_response(Reader& reader) {
  HttpTransaction& request = *reader.at;
  HttpTransaction& interim = open_partial(Side::server);
  interim.response.take_start_line(request.response);
  request.response.count_memory();
  interim.response.count_memory();
  request.is_answered = false;
  reader.at = &interim;
  reader.is_partial = true;
}

/// After the last chunk: an empty line, or headers that end with one.
void HttpParser::read_trailers(Reader& reader, ByteReader& in) {
  for (; !in.rest().empty(); in.skip(1)) {
    const std::uint8_t first = in.rest().front();
    if (first == '\r') continue;
    if (first != '\n') return begin_trailers(reader);
    in.skip(1);
    return message_done(reader);
  }
}

/// Buffers do not change once they are ready: the headers with the trailers are a transaction of their own.
void HttpParser::begin_trailers(Reader& reader) {
  HttpTransaction& whole = open_partial(reader.side);
  reader.head.begin_trailers(reader.at->message(reader.side), whole.message(reader.side));
  message_done(reader);
  reader.at = &whole;
  reader.step = Step::headers;
  reader.is_partial = true;
}

}  // namespace bansoko::proto::http
