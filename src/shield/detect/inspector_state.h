// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <optional>
#include <span>
#include <vector>

#include "shield/detect/evaluator.h"
#include "shield/detect/flow_numbers.h"
#include "shield/detect/inspector.h"
#include "shield/detect/mark_table.h"
#include "shield/detect/notes.h"
#include "shield/detect/rule_set_state.h"
#include "shield/detect/threshold_table.h"
#include "shield/detect/transform_cache.h"

namespace bansoko::detect {

/// What a worker's inspector keeps, and the work it does with it.
struct Inspector::State {
  State(const InspectorSettings& settings, std::span<const proto::Protocol* const> protocols);

  enum class Tried : std::uint8_t { no, later, yes };  // later: more bytes may still make it match

  void packet_rules() noexcept;
  void anomaly_rules(std::span<const std::uint32_t> asked, flow::Side side) noexcept;
  void sort_matches() noexcept;
  void add_packet_candidates() noexcept;
  bool carries_packet(const flow::StreamChunk& chunk) const noexcept;
  Tried try_in_stream(std::uint32_t rule, flow::Side side, const Look& stream, const Look* packet) noexcept;
  void keep_pending(FlowNotes::Side& side, PendingInStream pending) noexcept;
  void stream_rules(const flow::StreamChunk& chunk) noexcept;
  void transaction_rules(proto::Transaction& transaction, flow::Side side) noexcept;
  void forget(proto::Transaction& transaction) noexcept;

  // Candidates: rules whose literal was seen, each once, in found[0..found_count).
  void begin_candidates() noexcept;
  void add_candidate(std::uint32_t rule) noexcept;
  void add_candidates(std::span<const std::uint32_t> rules) noexcept;
  void add_always(const AlwaysRules& always) noexcept;
  void scan(const LiteralGroup& group, Bytes bytes, std::size_t buffer) noexcept;
  void search(const LiteralGroup& group, Bytes bytes) noexcept;
  void search_head(const LiteralGroup& head, Bytes bytes, std::size_t seen) noexcept;
  void scan_stream(const flow::StreamChunk& chunk, bool all, bool is_packet) noexcept;
  std::span<std::uint32_t> candidates() noexcept;  // sorted: in order of precedence

  void scan_transaction(proto::Transaction& transaction, flow::Side side, TransactionNotes& notes) noexcept;
  void scan_growing(proto::Transaction& transaction, const BufferGroup& group,
                    std::uint32_t& scanned) noexcept;
  void scan_changed(Bytes bytes, const BufferGroup& group) noexcept;
  void scan_changed_payload() noexcept;
  std::optional<Bytes> changed(std::int32_t chain, Bytes bytes) noexcept;
  void recall(TransactionNotes& notes, flow::Side side, bool advanced) noexcept;
  void remember(TransactionNotes& notes, const Candidate& candidate) noexcept;
  Candidate* recalled_of(std::uint32_t rule) noexcept;
  void try_candidate(proto::Transaction& transaction, flow::Side side, TransactionNotes& notes,
                     std::uint32_t rule) noexcept;
  std::uint32_t look_at(flow::Side side) const noexcept;
  bool waits_for_stream(const CompiledRule& rule, std::size_t part, flow::Side side) const noexcept;
  bool still_waits(Candidate& candidate, proto::Transaction& transaction, flow::Side side) noexcept;
  void drop_blocks(TransactionNotes& notes) noexcept;
  TransactionNotes* notes_of(proto::Transaction& transaction, flow::Side side) noexcept;
  FlowNotes* flow_notes() noexcept;

  bool is_suspended(std::uint32_t number) noexcept;
  void note_time(std::uint32_t number, std::chrono::nanoseconds spent) noexcept;
  void note_slow(const SlowRule& slow) noexcept;
  Tried evaluate(std::uint32_t number, flow::Side side, proto::Transaction* transaction,
                 const Look* payload) noexcept;
  Tried evaluate_parts(std::uint32_t number, flow::Side side, proto::Transaction* transaction,
                       const Look* payload) noexcept;
  bool header_holds(const CompiledRule& rule, flow::Side side) const noexcept;
  bool flow_holds(const CompiledRule& rule, flow::Side side) const noexcept;
  bool ends_hold(const CompiledRule& rule, flow::Side side) const noexcept;
  bool bits_hold(const CompiledRule& rule) noexcept;

  // What outlives the packet, beside flowbits.
  bool memory_holds(const RuleMemory& memory, flow::Side side,
                    const proto::Transaction* transaction) noexcept;
  std::uint32_t value_of(const FlowNumberOperand& operand) noexcept;
  bool number_holds(const FlowNumberTest& test) noexcept;
  bool mark_holds(const MarkTest& test, flow::Side side, const proto::Transaction* transaction) noexcept;
  bool address_holds(const AddressTest& test, flow::Side side) const noexcept;
  MarkTable::Key bearer(MarkTest::On on, std::uint32_t mark, flow::Side side) const noexcept;
  void change_memory(const RuleMemory& memory, flow::Side side, proto::Transaction* transaction) noexcept;
  void change_marks(const RuleMemory& memory, bool after_filter, flow::Side side,
                    proto::Transaction* transaction) noexcept;
  void change_number(const FlowNumberChange& change) noexcept;
  void change_mark(const MarkChange& change, flow::Side side, proto::Transaction* transaction) noexcept;
  void change_transaction_mark(const MarkChange& change, proto::Transaction* transaction) noexcept;

  bool fields_hold(const CompiledRule& rule, flow::Side side, const proto::Transaction* transaction) noexcept;
  std::optional<std::uint64_t> value_that_holds(const CompiledRule& rule, const FieldTest& test,
                                                flow::Side side,
                                                const proto::Transaction& transaction) const noexcept;
  void note_value(const FieldTest& test, std::uint64_t value) noexcept;
  void note_fields(Match& match, const CompiledRule& rule,
                   const proto::Transaction& transaction) const noexcept;
  bool part_holds(const Part& part, flow::Side side, proto::Transaction* transaction,
                  const Look* payload) noexcept;
  bool steps_hold(const Part& part, const Look& look) noexcept;
  bool growing_part_holds(const Part& part, proto::Transaction& transaction,
                          const proto::Buffer& buffer) noexcept;
  bool may_change(const Part& part, flow::Side side) const noexcept;
  void matched(std::uint32_t number, proto::Transaction* transaction) noexcept;
  bool matched_already(std::uint32_t number, const proto::Transaction* transaction) const noexcept;
  void note_place(const Part& part, const Look& look) noexcept;
  std::int16_t exception_of(std::uint32_t number, proto::Transaction* transaction) const noexcept;
  bool is_about(const Exception& exception, std::uint32_t number,
                proto::Transaction* transaction) const noexcept;

  std::uint16_t service_port(flow::Side side) const noexcept;

  InspectorSettings settings;
  std::span<const proto::Protocol* const> protocols;
  InspectorCounters counters;
  // In `inspected`: streams by side, packets by side, then every protocol's table of buffers.
  static constexpr std::size_t kStream = 0;
  static constexpr std::size_t kPacket = 2;
  std::vector<InspectedBuffer> inspected;
  std::vector<std::size_t> first_buffer;  // by protocol, into `inspected`
  const RuleSet* rule_set = nullptr;
  const RuleSet::State* rules = nullptr;

  pattern::Scratch scratch;
  Evaluator evaluator;
  TransformCache transformed;
  ThresholdTable thresholds;
  FlowBits bits;
  FlowNumbers numbers;
  MarkTable marks;
  LazyArray<FlowNotes> flows;
  IndexPool<TransactionNotes> notes;
  IndexPool<CandidateBlock> blocks;

  std::vector<std::uint32_t> stamps;  // by rule: the round in which it became a candidate
  std::uint32_t round = 0;
  std::vector<std::uint32_t> found;
  std::size_t found_count = 0;
  std::vector<Candidate> recalled;  // of earlier rounds
  std::size_t recalled_count = 0;
  std::vector<std::uint32_t> recalled_at;  // by rule: where it is among the recalled, if it is

  Subject subject;
  bool packet_done = false;
  bool is_sealed = false;           // the packet's payload is encrypted
  std::optional<Look> stream_look;  // of the chunk at hand, for payload parts of transaction rules
  flow::Side stream_side = flow::Side::client;
  static constexpr std::uint32_t kNoLook = 1;
  std::uint32_t look_number = kNoLook;           // a new one for each stream_look
  const Candidate* waited = nullptr;             // what the rule at hand waited for; null: nothing
  bool is_final = false;                         // it can match no more, however its buffer grows
  Candidate waits{};                             // what the rule evaluated last waits for
  flow::Side side_at_hand = flow::Side::client;  // whose words the rule being evaluated looks at
  MatchedPlace place;                            // where the rule being evaluated matched last
  std::array<Match, 64> matches{};
  std::size_t match_count = 0;

  ProcessorClock clock = nullptr;
  std::chrono::nanoseconds spent{};
  std::vector<std::chrono::nanoseconds> suspended_until;  // by rule, in frames' time; zero: it is in force
  std::size_t suspended_count = 0;
  std::array<SlowRule, 8> slow{};
  std::size_t slow_count = 0;
};

}  // namespace bansoko::detect
