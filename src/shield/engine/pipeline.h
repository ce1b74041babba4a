// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <span>

#include "base/counter.h"
#include "base/lazy_array.h"
#include "base/result.h"
#include "shield/claim/claim_watch.h"
#include "shield/detect/inspector.h"
#include "shield/engine/applications.h"
#include "shield/engine/evidence_picker.h"
#include "shield/engine/judge.h"
#include "shield/engine/record.h"
#include "shield/engine/ring.h"
#include "shield/engine/settings.h"
#include "shield/engine/time_line.h"
#include "shield/flow/flow_table.h"
#include "shield/flow/tcp_tracker.h"
#include "shield/packet/defragmenter.h"
#include "shield/packet/tunnel.h"
#include "shield/proto/protocol.h"
#include "shield/recon/attempt_watch.h"

namespace bansoko::engine {

/// What one pipeline has done. Its worker raises them, anybody reads them.
struct PipelineCounters {
  Counter packets, bytes, refused_packets, alerts, excepted, events_lost, attempts_lost, slow_parsers,
      clock_jumps;
  Counter tunnelled;                // packets that were found in others, and are none of `packets`
  std::array<Counter, 5> told;      // by packet::Action: what the kernel was told
  std::array<Counter, 5> enforced;  // by packet::Action: what mode enforce tells it
  std::array<Counter, kReasonCount> reasons;
  packet::AnomalyCounters anomalies;
};

/// The path of one packet, from frame to verdict, with the flows of one worker. It holds no thread and
/// touches no host: the daemon and replay run the same one.
class Pipeline final : flow::FlowListener,
                       flow::ChunkSink,
                       proto::TransactionSink,
                       recon::AttemptSink,
                       claim::ClaimSink {
 public:
  /// `protocols` and `records` must outlive the pipeline. `seed` must be secret where peers are live: it
  /// keeps them from aiming at one bucket of a table. Its low 12 bits begin every flow id and must be another
  /// worker's alone. Record numbers are `worker` modulo settings.workers. Evidence goes to `packets`, which
  /// must outlive the pipeline; null: none is kept. How flows begin goes to `attempts`, and what hosts say of
  /// themselves to `claims`, in the same way.
  Pipeline(const ShieldSettings& settings, std::span<const proto::Protocol* const> protocols,
           std::uint64_t seed, unsigned worker, Ring<Record>& records, PacketRing* packets = nullptr,
           Ring<recon::Attempt>* attempts = nullptr, Ring<claim::Claim>* claims = nullptr);

  /// Rules for the next packets. Those used before must stay alive until this has returned, these until the
  /// next call.
  /// On failure those of before stay in use.
  Result<> use(const detect::RuleSet& rules);

  packet::Verdict inspect(const packet::Frame& frame) noexcept;

  /// Where frames are live, before those of a batch: both clocks at this moment, so that a jump of the wall
  /// clock ages nothing.
  void look_at_clocks(std::chrono::nanoseconds wall, std::chrono::nanoseconds steady) noexcept;

  /// From now on rules and parsers are timed by this clock, and slow ones kept from going on; null: not.
  void measure(detect::ProcessorClock clock) noexcept;

  /// While this is true, flows that begin are refused: nobody could say what became of them. It must outlive
  /// the pipeline.
  void heed(const std::atomic<bool>& cannot_record) noexcept { cannot_record_ = &cannot_record; }

  /// The driver knows of packets that we were not shown. Of concern in mode observe alone.
  void note_losses() noexcept;

  /// Lets time pass. Once per batch, with the wall clock of its last frame.
  void tick(std::chrono::nanoseconds wall) noexcept;

  /// Ends every flow.
  void finish() noexcept;

  /// Sends the canary's conversation through every step up to judgement, under `candidate`, then goes on
  /// with the rules of before. Fails when no rule drops it.
  Result<> try_canary(const detect::RuleSet& candidate);

  const PipelineCounters& counters() const noexcept { return counters_; }
  const flow::FlowCounters& flows() const noexcept { return flows_.counters(); }
  const flow::StreamCounters& streams() const noexcept { return tracker_.counters(); }
  const packet::DefragCounters& fragments() const noexcept { return defragmenter_.counters(); }
  const detect::InspectorCounters& inspection() const noexcept { return inspector_.counters(); }
  std::span<const detect::InspectedBuffer> inspected() const noexcept { return inspector_.inspected(); }
  std::uint64_t evidence_lost() const noexcept { return evidence_.lost(); }
  std::span<const ApplicationCounters> applications() const noexcept { return applications_.counters(); }
  const claim::WatchCounters& claims() const noexcept { return claim_watch_.counters(); }
  const Counter& expected_forgotten() const noexcept { return applications_.expected_forgotten(); }

 private:
  /// What the engine alone notes about a flow, by its slot.
  struct Note {
    std::uint64_t refused_packets = 0;
    std::uint32_t told = 0;   // a bit for each Reason that an anomaly event was made of
    bool unrecorded = false;  // it began while nothing could be written, and that is still so
  };

  void on_flow_end(flow::Flow& flow) noexcept override;
  void on_chunk(flow::Flow& flow, const flow::StreamChunk& chunk) noexcept override;
  void on_progress(proto::Transaction& transaction, flow::Side side) noexcept override;
  void on_end(proto::Transaction& transaction) noexcept override;
  void on_anomaly(flow::Side side, std::size_t anomaly) noexcept override;
  void on_expected(const proto::ExpectedFlow& expected) noexcept override;
  void on_handover(const proto::Handover& handover) noexcept override;

  void on_attempt(const recon::Attempt& attempt) noexcept override;
  bool on_claim(const claim::Claim& claim) noexcept override;

  Decision lead(packet::Packet& packet) noexcept;
  void look_inside(packet::Packet& packet, Decision& decision) noexcept;
  Facts examine(packet::Packet& packet) noexcept;
  void heed_anomalies(const packet::Packet& packet, Facts& facts) noexcept;
  void unpack(packet::Packet& packet) noexcept;
  void follow(packet::Packet& packet) noexcept;
  void take_matches(const packet::Packet& packet, Facts& facts) noexcept;
  const detect::RuleInfo* kill_switch() const noexcept;
  bool is_excepted(const detect::Match& match) const noexcept;
  bool speaks(const detect::Match& match) const noexcept { return match.alert && !is_excepted(match); }
  bool look_into(packet::Packet& packet) noexcept;
  bool is_unrecorded(bool began) noexcept;
  bool arrives(packet::Packet& packet) const noexcept;
  void datagram(const packet::Packet& packet) noexcept;
  void note_given_up(flow::Side side) noexcept;
  void parse(const flow::StreamChunk& chunk) noexcept;
  void feed(const flow::StreamChunk& chunk) noexcept;
  void apply(const Decision& decision) noexcept;
  void count(const packet::Packet& packet, const Decision& decision) noexcept;
  void put_anomaly(const packet::Packet& packet, const Decision& decision) noexcept;
  void count_frame(const packet::Frame& frame, const Decision& decision) noexcept;
  void tell(const packet::Packet& packet, const Decision& decision) noexcept;
  bool wants_more(detect::Tag::Of of) const noexcept;
  void follow_hosts(const packet::Packet& packet) noexcept;
  void tell_slow(const packet::Packet& packet, const Decision& decision) noexcept;
  bool is_news(Reason reason) noexcept;
  Record record_of(const packet::Packet& packet, const Decision& decision, RecordKind kind) noexcept;
  void put(const Record& record) noexcept;

  packet::DecodeSettings decode_settings_;
  packet::TunnelSettings tunnel_settings_;
  Policy policy_;
  std::shared_ptr<const packet::HostTable> hosts_;  // null: all have the defaults
  Ring<Record>& records_;
  std::uint64_t record_step_;
  std::uint64_t next_record_;
  const detect::RuleSet* rules_ = nullptr;
  packet::Defragmenter defragmenter_;
  flow::TcpTracker tracker_;
  detect::Inspector inspector_;
  Applications applications_;
  EvidencePicker evidence_;
  LazyArray<Note> notes_;
  Ring<recon::Attempt>* attempts_;
  recon::AttemptWatch watch_;
  Ring<claim::Claim>* claims_;
  claim::ClaimWatch claim_watch_;
  std::array<std::chrono::nanoseconds, kReasonCount> last_told_{};  // of what has no flow
  std::uint64_t packet_number_ = 0;
  std::uint16_t canary_port_ = 0;
  TimeLine line_;
  detect::ProcessorClock clock_ = nullptr;
  std::chrono::microseconds parser_budget_;
  bool suspends_ = true;
  std::chrono::nanoseconds slow_parser_{};  // what a parser took of the packet at hand, beyond its budget
  const std::atomic<bool>* cannot_record_ = nullptr;
  flow::Flow* flow_ = nullptr;  // of the packet at hand
  flow::Side side_ = flow::Side::client;
  packet::Carried carried_;                       // by the packet at hand
  TunnelEnds tunnel_;                             // around the packet at hand, if its depth is not 0
  bool rebuilt_ = false;                          // a datagram was completed by the frame at hand
  bool created_ = false;                          // the flow of the packet at hand, by it
  bool inspecting_ = false;                       // what parsers find goes to the inspector
  bool inspected_ = false;                        // the packet at hand went to the inspector
  std::span<const detect::Match> matches_;        // of the packet at hand
  std::span<const detect::SlowRule> slow_rules_;  // the same
  PipelineCounters counters_;
  flow::FlowTable flows_;  // last: its end tells all the others
};

}  // namespace bansoko::engine
