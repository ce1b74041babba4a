// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "shield/proto/lone_parser.h"
#include "shield/proto/protocol.h"

/// For tests of a protocol: notes what rules could see.
namespace bansoko::proto {

/// What one side sends, after `gap` lost bytes.
struct Sent {
  Side from = Side::client;
  std::string bytes;
  std::uint32_t gap = 0;
};
inline Sent client(std::string bytes) { return {Side::client, std::move(bytes)}; }
inline Sent server(std::string bytes) { return {Side::server, std::move(bytes)}; }

class Recorder final : public TransactionSink {
 public:
  explicit Recorder(const Protocol& protocol) : protocol_(protocol) {}

  void on_progress(Transaction& transaction, Side side) noexcept override {
    const std::uint8_t progress = transaction.progress[flow::index(side)];
    std::uint8_t& last = last_progress_[{transaction.id, side}];
    EXPECT_GE(progress, last);
    last = progress;
    for (const Field& field : protocol_.fields) {
      if (field.side != side || field.ready_at > progress) continue;
      if (const auto value = field.get(transaction))
        note(transaction, side, field.name, std::to_string(*value));
    }
    for (const Buffer& buffer : protocol_.buffers) {
      if (buffer.side != side || buffer.ready_at > progress) continue;
      std::string all;
      bool is_here = false;
      for (unsigned i = 0; const auto bytes = buffer.get(transaction, i); ++i) {
        EXPECT_TRUE(i == 0 || buffer.several) << buffer.name;
        all += (i > 0 ? "|" : "") + std::string(as_text(*bytes));
        is_here = true;
      }
      if (is_here) note(transaction, side, buffer.name, all);
    }
  }
  void on_end(Transaction& transaction) noexcept override { ended.push_back(transaction.id); }
  void on_anomaly(Side side, std::size_t anomaly) noexcept override {
    anomalies.push_back((side == Side::client ? "c " : "s ") + std::string(protocol_.anomalies[anomaly]));
  }

  /// "c tls.sni": all values that a side's buffer or field had, one per transaction.
  std::vector<std::string> of(const std::string& key) const {
    std::vector<std::string> values;
    for (const auto& [known, value] : seen)
      if (known.second == key) values.push_back(value);
    return values;
  }

  std::map<std::pair<std::uint64_t, std::string>, std::string> seen;
  std::vector<std::uint64_t> ended;
  std::vector<std::string> anomalies;
  Parsed parsed = Parsed::more;

 private:
  void note(const Transaction& transaction, Side side, std::string_view name, std::string value) {
    seen[{transaction.id, (side == Side::client ? "c " : "s ") + std::string(name)}] = std::move(value);
  }

  const Protocol& protocol_;
  std::map<std::pair<std::uint64_t, Side>, std::uint8_t> last_progress_;
};

/// Feeds a dialogue in pieces of `piece` bytes.
inline Parsed feed(Parser& parser, const std::vector<Sent>& dialogue, std::size_t piece,
                   TransactionSink& to) {
  std::array<std::uint64_t, 2> offset{};
  Parsed result = Parsed::more;
  for (const Sent& sent : dialogue) {
    Bytes rest = as_bytes(sent.bytes);
    std::uint32_t gap = sent.gap;
    while (!rest.empty() && result == Parsed::more) {
      const Bytes now = rest.first(std::min(piece, rest.size()));
      std::uint64_t& at = offset[flow::index(sent.from)];
      at += gap;
      result = parser.feed({.from = sent.from, .gap = gap, .offset = at, .window = now}, to);
      at += now.size();
      gap = 0;
      rest = rest.subspan(now.size());
    }
  }
  parser.end(to);
  return result;
}

/// What a new parser makes of a dialogue.
inline Recorder record_dialogue(const Protocol& protocol, const std::vector<Sent>& dialogue,
                                std::size_t piece = SIZE_MAX, std::vector<std::uint64_t> limits = {}) {
  const LoneParser parser(protocol, limits);
  parser->reset({.wanted = ~0ULL});
  Recorder recorder(protocol);
  recorder.parsed = feed(*parser, dialogue, piece, recorder);
  return recorder;
}

}  // namespace bansoko::proto
