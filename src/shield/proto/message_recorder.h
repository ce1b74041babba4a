// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "shield/proto/lone_parser.h"
#include "shield/proto/protocol.h"

namespace bansoko::proto {

/// For tests and fuzzing: notes all that rules could see of a protocol of messages, line by line:
/// "client dns.query example.test", "client dns.opcode 0", "client ! dns.z_flag_set".
class MessageRecorder final : public TransactionSink {
 public:
  explicit MessageRecorder(const Protocol& protocol) : protocol_(protocol) {}

  void on_progress(Transaction& transaction, Side side) noexcept override {
    if (quiet) return;
    const std::uint8_t progress = transaction.progress[flow::index(side)];
    ids.push_back(transaction.id);
    for (const Buffer& buffer : protocol_.buffers) {
      if (buffer.side != side || buffer.ready_at > progress) continue;
      for (unsigned i = 0; const auto bytes = buffer.get(transaction, i); ++i) {
        add(side, buffer.name, std::string(as_text(*bytes)));
        if (!buffer.several) break;
      }
    }
    for (const Field& field : protocol_.fields)
      if (field.side == side && field.ready_at <= progress) add_numbers(transaction, field);
  }
  void on_end(Transaction& transaction) noexcept override { ended.push_back(transaction.id); }
  void on_anomaly(Side side, std::size_t anomaly) noexcept override {
    if (quiet) return;
    add(side, "!", std::string(protocol_.anomalies[anomaly]));
  }

  void on_handover(const Handover& handover) noexcept override {
    if (!quiet) handed_to = handover.protocol;
  }

  /// What was noted of one buffer or field; of the anomalies ("!").
  std::vector<std::string> of(std::string_view name) const {
    std::vector<std::string> found;
    for (const Line& line : lines)
      if (line.name == name) found.push_back(line.value);
    return found;
  }

  struct Line {
    Side side;
    std::string name;
    std::string value;
    bool operator==(const Line&) const = default;
  };
  bool quiet = false;
  std::vector<Line> lines;
  std::vector<std::uint64_t> ids;
  std::vector<std::uint64_t> ended;
  std::string handed_to;  // a protocol

 private:
  void add(Side side, std::string_view name, std::string value) {
    lines.push_back({.side = side, .name = std::string(name), .value = std::move(value)});
  }
  void add_numbers(const Transaction& transaction, const Field& field) {
    auto value = field.get(transaction);
    for (unsigned i = 1; value; ++i) {
      add(field.side, field.name, std::to_string(*value));
      value = field.more == nullptr ? std::nullopt : field.more(transaction, i);
    }
  }

  const Protocol& protocol_;
};

/// What one side sends: a datagram, or bytes of a stream after `gap` lost ones.
struct Sent {
  Side from = Side::client;
  std::string bytes;
  std::uint32_t gap = 0;
};

inline Sent client(std::string bytes) { return {Side::client, std::move(bytes)}; }
inline Sent server(std::string bytes) { return {Side::server, std::move(bytes)}; }

/// Feeds a dialogue; of a stream, in pieces of `piece` bytes.
inline void feed(Parser& parser, const std::vector<Sent>& dialogue, Transports transport, TransactionSink& to,
                 std::size_t piece = SIZE_MAX) {
  parser.reset({.wanted = ~0ULL, .transport = transport});
  std::array<std::uint64_t, 2> offset{};
  for (const Sent& sent : dialogue) {
    Bytes rest = as_bytes(sent.bytes);
    std::uint32_t gap = sent.gap;
    while (!rest.empty()) {
      const Bytes now = transport == kOverUdp ? rest : rest.first(std::min(piece, rest.size()));
      std::uint64_t& at = offset[flow::index(sent.from)];
      if (parser.feed(
              {.from = sent.from, .gap = gap, .offset = transport == kOverUdp ? 0 : at, .window = now}, to) !=
          Parsed::more)
        return parser.end(to);
      at += now.size();
      gap = 0;
      rest = rest.subspan(now.size());
    }
  }
  parser.end(to);
}

}  // namespace bansoko::proto
