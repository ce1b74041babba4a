// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/counter.h"
#include "base/lazy_array.h"
#include "shield/detect/rule_set.h"
#include "shield/engine/expected_flows.h"
#include "shield/engine/parser_pool.h"
#include "shield/flow/flow.h"
#include "shield/proto/protocol.h"

namespace bansoko::engine {

using ProtocolLimits = std::map<std::string, std::map<std::string, std::uint64_t>>;

/// What one worker has seen of one application protocol.
struct ApplicationCounters {
  Counter flows, transactions, malformed, without_parser;
  std::vector<Counter> anomalies;  // by Protocol::anomalies
};

/// The application layer of one worker's flows: which protocol a flow speaks, told by the first bytes of
/// either side on any port, and the parser that follows it.
class Applications {
 public:
  Applications(std::span<const proto::Protocol* const> protocols, const ProtocolLimits& limits,
               std::uint32_t max_flows, std::uint32_t max_expected = 256);

  /// Parsers begun from now on build what these rules look into.
  void use(const detect::RuleSet& rules) noexcept;

  /// An index into the protocols, or detect::Subject::kNoProtocol.
  std::size_t protocol_of(const flow::Flow& flow) const noexcept;

  /// What this side says is no protocol of ours.
  bool has_given_up(const flow::Flow& flow, flow::Side side) const noexcept;

  /// Looks at a chunk of a flow whose protocol is not known yet. True: now it is.
  bool recognise(const flow::Flow& flow, const flow::StreamChunk& chunk) noexcept;

  /// Gives the chunk to the flow's parser, if it has one.
  void feed(const flow::Flow& flow, const flow::StreamChunk& chunk, proto::TransactionSink& sink) noexcept;

  /// A flow's parser says what follows; take_over() is due once it was fed.
  void hand_over(const flow::Flow& flow, const proto::Handover& handover) noexcept;

  /// Where a parser has handed the flow over while it was given `chunk`: begins the next one and gives what
  /// is to be fed to it of the chunk, perhaps nothing.
  std::optional<flow::StreamChunk> take_over(const flow::Flow& flow, const flow::StreamChunk& chunk) noexcept;

  /// Gives the flow's new parser what a side said before anybody knew the protocol: one chunk, all history.
  void feed_earlier(const flow::Flow& flow, const flow::StreamChunk& said,
                    proto::TransactionSink& sink) noexcept;

  /// Ends the parser's work; nothing more will be parsed of this flow, its protocol stays known.
  void stop(const flow::Flow& flow, proto::TransactionSink& sink) noexcept;

  /// The flow is over; its slot may be used again.
  void forget(const flow::Flow& flow, proto::TransactionSink& sink) noexcept;

  /// A parser has seen a connection announced.
  void expect(const flow::Flow& announcing, const proto::ExpectedFlow& expected) noexcept;

  void count_transaction(const flow::Flow& flow) noexcept;
  void count_anomaly(const flow::Flow& flow, std::size_t anomaly) noexcept;
  std::span<const ApplicationCounters> counters() const noexcept { return counters_; }
  /// Announced connections that gave way to others.
  const Counter& expected_forgotten() const noexcept { return expected_.forgotten(); }

 private:
  struct Conversation {
    proto::Parser* parser = nullptr;
    std::array<std::uint64_t, 2> excluded{};  // by Side: a bit for each protocol its bytes are not
    std::array<bool, 2> fed{};                // by Side
    std::optional<std::uint8_t> protocol;     // once it is known
    std::optional<std::uint8_t> next;         // that the parser hands over to
    std::size_t left = 0;                     // proto::Handover
  };

  proto::Assignment assignment(const flow::Flow& flow, std::size_t protocol) const noexcept;
  std::optional<std::uint8_t> index_of(std::string_view protocol) const noexcept;
  bool is_expected(const flow::Flow& flow, Conversation& talk) noexcept;
  void begin(const flow::Flow& flow, Conversation& talk, std::size_t protocol,
             const proto::ExpectedFlow* announced = nullptr) noexcept;

  std::span<const proto::Protocol* const> protocols_;
  std::array<std::uint64_t, 2> of_transport_{};  // TCP, UDP: a bit for each protocol on it
  std::vector<ParserPool> pools_;
  const detect::RuleSet::State* rules_ = nullptr;  // in force; outlives its use
  LazyArray<Conversation> talks_;
  std::vector<ApplicationCounters> counters_;
  ExpectedFlows expected_;
};

}  // namespace bansoko::engine
