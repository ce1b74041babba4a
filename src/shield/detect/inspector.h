// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "base/counter.h"
#include "shield/detect/rule_set.h"
#include "shield/flow/flow.h"
#include "shield/proto/protocol.h"

namespace bansoko::detect {

struct InspectorSettings {
  std::uint32_t max_flows = 65536;                      // as in the flow table
  std::uint32_t max_transactions = 65536;               // with something noted about them, at one time
  std::uint32_t max_candidates = 4096;                  // rules under way per transaction side
  std::uint32_t max_tracked = 65536;                    // addresses counted by threshold and detection_filter
  std::uint32_t max_flowbits = 1024;                    // distinct names
  std::uint32_t max_flowints = 64;                      // the same of numbers; each flow has room for all
  std::uint32_t max_xbits = 65536;                      // marks on addresses and pairs of them
  std::size_t max_transformed = std::size_t{1} << 20U;  // bytes that transforms may make of one message
  std::chrono::microseconds rule_budget{2000};          // of processor time, for one evaluation
  std::chrono::seconds suspension{60};                  // of a rule that took longer
  bool suspend_slow_rules = true;                       // false: they are only told
};

/// The processor time that this thread has used.
using ProcessorClock = std::chrono::nanoseconds (*)() noexcept;

/// A rule that was slower than its budget, or one suspended for that and now tried again.
struct SlowRule {
  std::uint32_t rule = 0;  // index into RuleSet::rules()
  bool resumed = false;
  std::chrono::nanoseconds spent{};
};

struct InspectorCounters {
  Counter candidates, evaluations, matches, suppressed, pcre_limit, step_limit, match_limit, candidate_limit,
      transaction_limit, tracked_limit, transform_limit, mark_limit, slow_rules,
      suspended,     // evaluations left out
      sealed_bytes;  // of streams, not searched since they are encrypted
};

/// How many bytes of one kind of buffer were searched for literals: "stream", "packet", or a protocol's
/// buffer.
struct InspectedBuffer {
  std::string_view name = {};  // static storage
  flow::Side side = flow::Side::client;
  Counter bytes = {};
};

/// Where a rule's last match was.
struct MatchedPlace {
  static constexpr std::size_t kSample = 64;

  // "payload", "http.uri"; a field, whose value the sample then holds in decimal digits; or, of a rule about
  // what a parser notes, that anomaly. Static storage.
  std::string_view buffer = {};
  std::uint64_t offset = 0;  // in that buffer (for a stream: in the stream)
  std::uint32_t size = 0;
  std::array<std::uint8_t, kSample> sample{};  // its first bytes
  std::uint8_t sample_size = 0;
};

/// A field that a rule compares, and the number for which the comparison held.
struct ComparedField {
  std::string_view name = {};  // static storage
  std::uint64_t value = 0;
};

/// One rule that matched, and what made it match.
struct Match : MatchedPlace {
  static constexpr std::size_t kMostFields = 6;

  std::uint32_t rule = 0;  // index into RuleSet::rules()
  bool has_transaction = false;
  std::uint64_t transaction = 0;  // Transaction::id
  bool alert = true;  // false: noalert, or held back by a threshold; its action holds all the same
  static constexpr std::int16_t kNoException = -1;
  std::int16_t exception = kNoException;            // that is about it, an index into HitPolicy::exceptions
  std::array<ComparedField, kMostFields> fields{};  // each name once, as the rule has them; of many the first
  std::uint8_t field_count = 0;

  std::span<const ComparedField> compared() const noexcept { return std::span(fields).first(field_count); }
};

/// Where a packet stands while it is inspected.
struct Subject {
  const packet::Packet* packet = nullptr;
  flow::Flow* flow = nullptr;  // null: none
  flow::Side side = flow::Side::client;
  std::size_t protocol = kNoProtocol;  // the application protocol, an index into CompileSettings::protocols
  std::array<bool, 2> given_up{};      // by Side: what it says is none of them
  bool completed = false;              // by a fragment: what matched that one stays matched
  static constexpr std::size_t kNoProtocol = static_cast<std::size_t>(-1);
};

/// Applies a rule set to one worker's packets, streams and transactions. All memory is taken at start.
///
/// For each packet: begin(); then chunk() and transaction() for whatever it brought about, in the order it
/// happened; then finish(), which also applies the rules about packets. matches() holds until the next
/// begin().
class Inspector {
 public:
  Inspector(const InspectorSettings& settings, std::span<const proto::Protocol* const> protocols);
  ~Inspector();

  /// Rules for the next packets; `rules` must stay alive until the next call. What was noted about
  /// transactions under way for other rules is forgotten; their buffers are looked at afresh.
  Result<> use(const RuleSet& rules);

  void begin(const Subject& subject) noexcept;
  /// Asks the rules about fragments of one that is held back; instead of begin() to finish(). Of the one that
  /// completes its datagram before these, and with Subject::completed.
  void fragment(const packet::Packet& packet) noexcept;
  /// The flow's application protocol has become known since begin().
  void protocol_known(std::size_t protocol) noexcept;
  /// What this side says has turned out to be no protocol that we know.
  void protocol_given_up(flow::Side side) noexcept;
  void chunk(const flow::StreamChunk& chunk) noexcept;
  /// A chunk that is encrypted: the rules about packets are applied, and nothing is searched for contents.
  void sealed(const flow::StreamChunk& chunk) noexcept;
  void transaction(proto::Transaction& transaction, flow::Side side) noexcept;
  void finish() noexcept;

  /// Applies the rules about what is wrong with packets, to the one of begin(). It may be called for packets
  /// that nothing else is applied to, and last.
  void anomalies() noexcept;
  /// Whether there are such rules.
  bool heeds_anomalies() const noexcept;
  /// The flow's parser has noted something about a side: an index into Protocol::anomalies.
  void protocol_anomaly(flow::Side side, std::size_t anomaly) noexcept;

  /// In order of precedence: pass before drop before reject before alert, then by priority.
  std::span<const Match> matches() const noexcept;

  /// From now on evaluations are timed by this clock, and slow rules noted; null: they are not.
  void measure(ProcessorClock clock) noexcept;
  /// What was noted since begin(); of many the first few.
  std::span<const SlowRule> slow_rules() const noexcept;
  /// All that evaluations took while they were timed.
  std::chrono::nanoseconds spent() const noexcept;

  /// Gives back what was noted about a transaction, or a flow.
  void forget(proto::Transaction& transaction) noexcept;
  void forget(const flow::Flow& flow) noexcept;

  const InspectorCounters& counters() const noexcept;
  std::span<const InspectedBuffer> inspected() const noexcept;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace bansoko::detect
