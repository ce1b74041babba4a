// SPDX-License-Identifier: Apache-2.0
// What the parser has to say against the traffic.
#include "shield/proto/http/parser.h"

namespace bansoko::proto::http {

void HttpParser::note_chunk_flaws(Reader& reader) noexcept {
  const ChunkFlaws& flaws = reader.chunks.flaws();
  AnomalySet& anomalies = reader.at->message(reader.side).anomalies;
  if (flaws.size_ambiguous) anomalies.add(Anomaly::chunk_size_ambiguous);
  if (flaws.size_overflow) anomalies.add(Anomaly::chunk_size_overflow);
  if (flaws.line_end) anomalies.add(Anomaly::chunk_line_end);
  if (flaws.end_invalid) anomalies.add(Anomaly::chunk_end_invalid);
}

void HttpParser::tell_anomalies(Reader& reader) {
  Message& message = reader.at->message(reader.side);
  note_body_findings(*reader.at, reader.side);
  const bool is_new =
      message.anomalies.drain([&](std::size_t anomaly) { sink_->on_anomaly(reader.side, anomaly); });
  // Rules about anomalies are to speak before the bytes pass, whether or not a step is done.
  if (const std::uint8_t now = reader.at->progress[flow::index(reader.side)]; is_new && now != kNotStarted)
    progress(reader, now);
}

}  // namespace bansoko::proto::http
