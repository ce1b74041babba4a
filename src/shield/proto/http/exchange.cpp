// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/http/exchange.h"

namespace bansoko::proto::http {
namespace {

std::string_view value_of(Message& message, std::string_view name) {
  Header* const header = message.headers.find(name);
  return header == nullptr ? std::string_view() : message.headers.value(*header, message.arena);
}

}  // namespace

void begin_body(HttpTransaction& transaction, Side side, const Limits& limits, const WantedBodies& wanted) {
  Message& message = transaction.message(side);
  const bool is_request = side == Side::client;
  message.body.start(value_of(message, "content-encoding"),
                     is_request ? limits.request_body : limits.response_body,
                     is_request ? wanted.request : wanted.response);
  if (is_request && wanted.uploads)
    transaction.uploads.start(message.start().first, value_of(message, "content-type"), limits.uploads);
}

void find_uploads(HttpTransaction& transaction, Side side, bool is_whole) noexcept {
  if (side == Side::client) transaction.uploads.advance(transaction.request.body.bytes(), is_whole);
}

void note_body_findings(HttpTransaction& transaction, Side side) noexcept {
  Message& message = transaction.message(side);
  const BodyFindings& body = message.body.findings();
  if (body.several_members) message.anomalies.add(Anomaly::compressed_members);  // the others end it
  if (body.size_limit)
    message.anomalies.add(side == Side::client ? Anomaly::request_body_limit : Anomaly::response_body_limit);
  if (body.decompression_limit) message.anomalies.add(Anomaly::decompression_limit);
  if (body.invalid) message.anomalies.add(Anomaly::compressed_body_invalid);
  if (body.unknown_coding) message.anomalies.add(Anomaly::coding_unknown);
  if (body.too_many_codings) message.anomalies.add(Anomaly::too_many_codings);
  if (body.inflater_limit) message.anomalies.add(Anomaly::inflater_limit);
  if (body.memory_limit) message.anomalies.add(Anomaly::memory_limit);
  if (side == Side::client && transaction.uploads.has_too_many())
    message.anomalies.add(Anomaly::too_many_uploads);
}

}  // namespace bansoko::proto::http
