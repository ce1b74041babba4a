// SPDX-License-Identifier: Apache-2.0
// The files in bodies.
#include "shield/proto/http/parser.h"

namespace bansoko::proto::http {

/// A body that is one file is summed up as it is decoded, also beyond what is kept of it.
void HttpParser::begin_files(Reader& reader) noexcept {
  HttpTransaction& transaction = *reader.at;
  Message& message = transaction.message(reader.side);
  if (reader.side == Side::client) {
    if (!wanted_.uploads) return;
    Header* type = message.headers.find("content-type");
    transaction.uploads.start(
        message.start().first,
        type == nullptr ? std::string_view() : message.headers.value(*type, message.arena), limits_.uploads);
    if (!transaction.uploads.is_body()) return;
  }
  message.sums.begin(wanted_.sums[flow::index(reader.side)], limits_.digest);
}

void HttpParser::find_uploads(Reader& reader, bool is_whole) noexcept {
  if (reader.side == Side::server || !wanted_.uploads) return;
  HttpTransaction& transaction = *reader.at;
  transaction.uploads.advance(transaction.request.body.bytes(), is_whole);
  if (transaction.uploads.is_form() && wanted_.sums[0].any()) sum_uploads(transaction);
}

void HttpParser::sum_uploads(HttpTransaction& transaction) noexcept {
  const Uploads& uploads = transaction.uploads;
  FileSums& sums = transaction.request.sums;
  for (; transaction.summed_files < uploads.size(); ++transaction.summed_files) {
    if (!sums.is_open()) {
      sums.begin(wanted_.sums[0], limits_.digest);
      transaction.summed_bytes = 0;
    }
    const Bytes content = uploads.content(transaction.request.body.bytes(), transaction.summed_files);
    sums.add(content.subspan(transaction.summed_bytes));
    transaction.summed_bytes = content.size();
    if (!uploads.is_over(transaction.summed_files)) return;
    sums.end(true);
  }
}

/// Of a form it is a file whose end has not come.
void HttpParser::end_file(Reader& reader, bool is_whole) {
  HttpTransaction& transaction = *reader.at;
  Message& message = transaction.message(reader.side);
  const bool is_form = reader.side == Side::client && transaction.uploads.is_form();
  message.sums.end(is_whole && !is_form && !message.body.findings().decompression_limit);
  if (!message.sums.take_missing()) return;
  message.anomalies.add(Anomaly::file_without_digest);
  tell_anomalies(reader);
}

}  // namespace bansoko::proto::http
