// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "shield/proto/lone_parser.h"
#include "shield/proto/protocol.h"

/// For tests and fuzzing of text protocols: what rules could see of a dialogue.
namespace bansoko::proto {

/// What one side says, after `gap` lost bytes.
struct Said {
  Side from = Side::client;
  std::string bytes = {};
  std::uint32_t gap = 0;
};
inline Said client(std::string bytes, std::uint32_t gap = 0) { return {Side::client, std::move(bytes), gap}; }
inline Said server(std::string bytes, std::uint32_t gap = 0) { return {Side::server, std::move(bytes), gap}; }

/// Notes every buffer and field that a rule could see, and what broke a promise of protocol.h.
class Witness final : public TransactionSink {
 public:
  explicit Witness(const Protocol& protocol) : protocol_(protocol) {}

  void on_progress(Transaction& transaction, Side side) noexcept override {
    const std::uint8_t now = transaction.progress[flow::index(side)];
    std::uint8_t& before = progress_[{transaction.id, flow::index(side)}];
    if (now == kNotStarted || now < before) faults.insert("progress went back");
    before = now;
    if (ended.contains(transaction.id)) faults.insert("progress after the end");
    for (const Buffer& buffer : protocol_.buffers)
      if (buffer.side == side && now >= buffer.ready_at) read(transaction, buffer);
    for (const Field& field : protocol_.fields) {
      if (field.side != side || now < field.ready_at) continue;
      if (const auto value = field.get(transaction))
        note(transaction, side, field.name, 0, std::to_string(*value), false);
    }
  }
  void on_end(Transaction& transaction) noexcept override {
    if (!ended.insert(transaction.id).second) faults.insert("ended twice");
  }
  void on_anomaly(Side, std::size_t anomaly) noexcept override {
    if (anomaly < protocol_.anomalies.size())
      anomalies.insert(std::string(protocol_.anomalies[anomaly]));
    else
      faults.insert("an anomaly without a name");
  }
  void on_expected(const ExpectedFlow& flow) noexcept override {
    expected.push_back(
        std::string(flow.protocol) + (flow.listener == Side::client ? " at client " : " at server ") +
        std::to_string(flow.port) + " " + std::to_string(flow.purpose) + " " + std::string(flow.label));
  }

  void on_handover(const Handover& handover) noexcept override {
    expected.push_back("then " + std::string(handover.protocol));
  }

  /// "0 smtp.helo": its last value; "0 file.data#1": of the second one. "-": none was seen.
  std::string value(const std::string& key) const {
    const auto found = values.find(key);
    return found == values.end() ? "-" : found->second;
  }

  std::map<std::string, std::string> values;
  std::set<std::string> anomalies, faults;
  std::set<std::uint64_t> ended;
  std::vector<std::string> expected;

 private:
  void read(Transaction& transaction, const Buffer& buffer) {
    for (unsigned i = 0;; ++i) {
      const auto bytes = buffer.get(transaction, i);
      if (!bytes) break;
      note(transaction, buffer.side, buffer.name, i, std::string(as_text(*bytes)), buffer.growing);
      if (!buffer.several || i == 1000) break;
    }
  }
  /// Of a name that both sides have, the server's is "0 server file.data".
  void note(const Transaction& transaction, Side side, std::string_view name, unsigned instance,
            std::string value, bool may_grow) {
    std::string key = std::to_string(transaction.id) + " " + (side == Side::server ? "server " : "") +
                      std::string(name) + (instance > 0 ? "#" + std::to_string(instance) : "");
    const auto [at, is_new] = values.try_emplace(std::move(key), value);
    if (!is_new && (may_grow ? !value.starts_with(at->second) : value != at->second))
      faults.insert("changed: " + at->first);
    at->second = std::move(value);
  }

  const Protocol& protocol_;
  std::map<std::pair<std::uint64_t, std::size_t>, std::uint8_t> progress_;
};

/// Feeds a dialogue in pieces of `piece` bytes, then ends the flow.
inline Parsed follow(Parser& parser, const std::vector<Said>& dialogue, std::size_t piece,
                     TransactionSink& to) {
  std::array<std::uint64_t, 2> offset{};
  Parsed result = Parsed::more;
  for (const Said& said : dialogue) {
    Bytes rest = as_bytes(said.bytes);
    std::uint32_t gap = said.gap;
    while (!rest.empty() && result == Parsed::more) {
      const Bytes now = rest.first(std::min(piece, rest.size()));
      std::uint64_t& at = offset[flow::index(said.from)];
      at += gap;
      result = parser.feed({.from = said.from, .gap = gap, .offset = at, .window = now}, to);
      at += now.size();
      gap = 0;
      rest = rest.subspan(now.size());
    }
  }
  parser.end(to);
  return result;
}

}  // namespace bansoko::proto
