// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/http/exchange.h"

namespace bansoko::proto::http {
namespace {

std::string_view value_of(Message& message, std::string_view name) {
  Header* const header = message.headers.find(name);
  return header == nullptr ? std::string_view() : message.headers.value(*header, message.arena);
}

/// A body that is one file is summed up as it is decoded, also beyond what is kept of it.
void begin_files(HttpTransaction& transaction, Side side, const Limits& limits, const WantedBodies& wanted) {
  Message& message = transaction.message(side);
  if (side == Side::client) {
    if (!wanted.uploads) return;
    transaction.uploads.start(message.start().first, value_of(message, "content-type"), limits.uploads);
    if (!transaction.uploads.is_body()) return;
  }
  message.sums.begin(wanted.sums[flow::index(side)], limits.digest);
}

void sum_uploads(HttpTransaction& transaction, const Limits& limits, const WantedBodies& wanted) noexcept {
  const Uploads& uploads = transaction.uploads;
  FileSums& sums = transaction.request.sums;
  for (; transaction.summed_files < uploads.size(); ++transaction.summed_files) {
    if (!sums.is_open()) {
      sums.begin(wanted.sums[0], limits.digest);
      transaction.summed_bytes = 0;
    }
    const Bytes content = uploads.content(transaction.request.body.bytes(), transaction.summed_files);
    sums.add(content.subspan(transaction.summed_bytes));
    transaction.summed_bytes = content.size();
    if (!uploads.is_over(transaction.summed_files)) return;
    sums.end(true);
  }
}

}  // namespace

void begin_body(HttpTransaction& transaction, Side side, const Limits& limits, const WantedBodies& wanted) {
  Message& message = transaction.message(side);
  const bool is_request = side == Side::client;
  begin_files(transaction, side, limits, wanted);
  message.body.start(
      value_of(message, "content-encoding"), is_request ? limits.request_body : limits.response_body,
      is_request ? wanted.request : wanted.response, message.sums.is_open() ? &message.sums : nullptr);
}

void find_uploads(HttpTransaction& transaction, Side side, const Limits& limits, const WantedBodies& wanted,
                  bool is_whole) noexcept {
  if (side == Side::server || !wanted.uploads) return;
  transaction.uploads.advance(transaction.request.body.bytes(), is_whole);
  if (transaction.uploads.is_form() && wanted.sums[0].any()) sum_uploads(transaction, limits, wanted);
}

void end_file(HttpTransaction& transaction, Side side, bool is_whole) {
  Message& message = transaction.message(side);
  const bool is_form = side == Side::client && transaction.uploads.is_form();
  message.sums.end(is_whole && !is_form && !message.body.findings().decompression_limit);
  if (message.sums.take_missing()) message.anomalies.add(Anomaly::file_without_digest);
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
