// SPDX-License-Identifier: Apache-2.0
#include "shield/engine/pipeline.h"

#include <utility>

#include "shield/engine/our_hosts.h"
#include "shield/packet/decode.h"

namespace bansoko::engine {
namespace {

using flow::Flow;
using flow::Side;
using flow::Standing;
using packet::Packet;
using packet::Protocol;

detect::InspectorSettings inspector_settings(const ShieldSettings& settings) noexcept {
  detect::InspectorSettings inspection = settings.inspection;
  inspection.max_flows = settings.flows.max_flows;
  inspection.suspend_slow_rules = settings.on_failure.slow_rule == capture::OnFailure::open;
  return inspection;
}

flow::StreamSettings stream_settings(const ShieldSettings& settings) noexcept {
  flow::StreamSettings streams = settings.streams;
  streams.refused_arrives = settings.mode == Mode::observe;
  return streams;
}

packet::DefragSettings defrag_settings(const ShieldSettings& settings) {
  packet::DefragSettings fragments = settings.defrag;
  fragments.refused_arrives = settings.mode == Mode::observe;
  fragments.hosts = settings.flows.hosts;
  return fragments;
}

claim::Settings claim_settings(const ShieldSettings& settings, bool wanted) {
  return {.enabled = wanted,
          .of = home_net(settings),
          .max_claims = settings.inventory.max_claims,
          .repeat = settings.inventory.repeat};
}

/// Takes nothing in: for flows that nobody looks into any more.
class NoChunks final : public flow::ChunkSink {
 public:
  void on_chunk(Flow&, const flow::StreamChunk&) noexcept override {}
};

/// A conntrack entry of ICMP is that of the connection the message speaks about: blocking it would block too
/// much.
bool has_own_flow(const Flow* flow) noexcept {
  return flow != nullptr && flow->key.protocol != Protocol::icmp && flow->key.protocol != Protocol::icmpv6;
}

bool must_not_pass(packet::Action action) noexcept {
  return action != packet::Action::accept && action != packet::Action::release;
}

/// Which datagrams collide must tell nothing about which flows do, so each table has a key of its own.
constexpr std::uint64_t kDefragmenterKey = 0xd1b54a32d192ed03;
constexpr std::uint64_t kTunnelKey = 0x8cb92ba72f3d8dd7;
constexpr std::uint64_t kClaimKey = 0xa24baed4963ee407;

}  // namespace

Pipeline::Pipeline(const ShieldSettings& settings, std::span<const proto::Protocol* const> protocols,
                   std::uint64_t seed, unsigned worker, Ring<Record>& records, PacketRing* packets,
                   Ring<recon::Attempt>* attempts, Ring<claim::Claim>* claims)
    : decode_settings_(settings.decode),
      tunnel_settings_(settings.tunnels),
      policy_{settings.mode,         settings.on_flow_limit, settings.early_release,
              settings.on_malformed, settings.on_truncated,  settings.on_tunnel_limit},
      hosts_(settings.flows.hosts),
      records_(records),
      record_step_(settings.workers),
      next_record_(worker),
      defragmenter_(defrag_settings(settings), settings.decode, seed ^ kDefragmenterKey),
      tracker_(stream_settings(settings), settings.flows.max_flows),
      inspector_(inspector_settings(settings), protocols),
      applications_(protocols, settings.protocol_limits, settings.flows.max_flows,
                    settings.max_expected_flows),
      evidence_(packets, settings.flows.max_flows, settings.evidence.max_packets,
                settings.evidence.recent_memory),
      notes_(settings.flows.max_flows),
      attempts_(attempts),
      watch_(settings.flows.max_flows,
             attempts == nullptr ? std::chrono::nanoseconds{} : settings.recon.answer_time, *this),
      claims_(claims),
      claim_watch_(claim_settings(settings, claims != nullptr), protocols, settings.flows.max_flows,
                   seed ^ kClaimKey, *this),
      parser_budget_(settings.parser_budget),
      suspends_(settings.on_failure.slow_rule == capture::OnFailure::open),
      flows_(settings.flows, seed, *this) {
  tunnel_settings_.seed = seed ^ kTunnelKey;
}

Result<> Pipeline::use(const detect::RuleSet& rules) {
  BANSOKO_CHECK(inspector_.use(rules));
  applications_.use(rules);
  rules_ = &rules;
  return {};
}

packet::Verdict Pipeline::inspect(const packet::Frame& frame) noexcept {
  Packet packet = packet::decode(frame, ++packet_number_, decode_settings_);
  packet.arrived = line_.at(frame.arrived);
  rebuilt_ = false;
  Decision decision = lead(packet);
  if (carried_.any()) look_inside(packet, decision);
  count_frame(frame, decision);
  return decision.verdict;
}

Decision Pipeline::lead(Packet& packet) noexcept {
  Facts facts = examine(packet);
  if (!packet.anomalies.empty()) heed_anomalies(packet, facts);
  if (flow_ != nullptr) watch_.see(*flow_, side_, packet, created_);
  const Decision decision = judge(facts, policy_);
  apply(decision);
  // Its receiver holds all fragments but this one, which would be let by if it were sent again.
  rebuilt_ |= packet.rebuilt;
  if (rebuilt_ && must_not_pass(decision.verdict.action)) defragmenter_.refuse_completed();
  count(packet, decision);
  // People go by the wall clock.
  const std::chrono::nanoseconds time = std::exchange(packet.arrived, line_.wall_of(packet.arrived));
  if (!slow_rules_.empty() || slow_parser_.count() != 0) tell_slow(packet, decision);
  tell(packet, decision);
  packet.arrived = time;
  return decision;
}

/// Goes on with what the packet carries, and what that carries. What may not pass inside takes along the
/// packet around it; what an operator's rule has let pass is not looked into.
void Pipeline::look_inside(Packet& packet, Decision& decision) noexcept {
  tunnel_ = {packet.source, packet.dest, packet.source_port, packet.dest_port, packet.protocol, 0};
  Decision last = decision;
  while (carried_.any() && packet.depth < tunnel_settings_.max_depth && !must_not_pass(last.verdict.action) &&
         last.reason != Reason::pass_rule && last.reason != Reason::flow_passed) {
    packet = packet::decode_carried(packet, carried_, decode_settings_);
    tunnel_.depth = packet.depth;
    counters_.tunnelled.add();
    last = lead(packet);
    if (!must_not_pass(last.enforced)) continue;
    decision.enforced = packet::Action::drop;
    if (must_not_pass(last.verdict.action)) decision.verdict = last.verdict;
  }
}

Facts Pipeline::examine(Packet& packet) noexcept {
  using Outcome = packet::Defragmenter::Outcome;
  Facts facts;
  flow_ = nullptr;
  side_ = Side::client;
  matches_ = {};
  slow_rules_ = {};
  slow_parser_ = {};
  inspected_ = false;
  carried_.by = packet::Tunnel::none;
  facts.in_tunnel = packet.depth != 0;
  facts.anomalies = packet.anomalies;
  // An IP header that cannot be read leaves no IP packet, and yet is not what is exempt.
  facts.exempt = packet.is_ip() ? is_neighbour_discovery(packet) : !is_malformed(packet.anomalies);
  if (!packet.is_ip()) return facts;
  if (!facts.exempt && !facts.in_tunnel && !arrives(packet)) {
    facts.refused = true;
    facts.anomalies = packet.anomalies;
    return facts;
  }

  const bool is_fragment = packet.is_fragment;
  if (is_fragment) inspector_.fragment(packet);
  const Outcome outcome = defragmenter_.add(packet);
  facts.fragment_held = outcome == Outcome::held;
  facts.refused = outcome == Outcome::refused;
  inspected_ = is_fragment && (facts.fragment_held || facts.refused);
  if (inspected_) take_matches(packet, facts);
  if (!facts.fragment_held && !facts.refused) {
    if (packet.protocol != Protocol::tcp) unpack(packet);
    const auto found = flows_.track(packet);
    flow_ = found.flow;
    side_ = found.side;
    created_ = found.created;
    // What a rule says about a tunnel's packet is about that packet: the others are others' traffic.
    facts.has_flow = (has_own_flow(flow_) || (facts.in_tunnel && flow_ != nullptr)) && !carried_.any();
    facts.checksum_bad = packet.checksum_bad;
    if (flow_ != nullptr) facts.standing = flow_->standing;
    const bool is_stream = flow_ != nullptr && flow_->is_tcp();
    facts.side_let_go = is_stream && tracker_.is_let_go(*flow_, side_);
    facts.cannot_record = cannot_record_ != nullptr && is_unrecorded(found.created);
    if (facts.cannot_record) return facts;
    if (facts.standing != Standing::inspected || facts.side_let_go) {
      follow(packet);
    } else if (!facts.checksum_bad) {
      facts.refused = look_into(packet) || outcome == Outcome::completed_refused;
      take_matches(packet, facts);
      facts.depth_reached = is_stream && tracker_.depth_reached(*flow_);
      facts.side_depth_reached = is_stream && tracker_.depth_reached(*flow_, side_);
    }
  }
  facts.anomalies = packet.anomalies;
  return facts;
}

/// False: its TTL is used up before it is where it is to go.
bool Pipeline::arrives(Packet& packet) const noexcept {
  const std::uint8_t hops = hosts_ == nullptr ? std::uint8_t{0} : hosts_->hops_of(packet.dest);
  if (hops == 0 || packet.ttl > hops) return true;
  packet.anomalies.add(packet::Anomaly::ip_ttl_too_low);
  return false;
}

/// Finds out what the packet carries, and whether we may go there.
void Pipeline::unpack(Packet& packet) noexcept {
  carried_ = packet::carried_by(packet, tunnel_settings_);
  if (carried_.any() && packet.depth >= tunnel_settings_.max_depth)
    packet.anomalies.add(packet::Anomaly::tunnel_too_deep);
}

/// A flow that nobody looks into is followed all the same, so that its end is seen.
void Pipeline::follow(Packet& packet) noexcept {
  if (flow_->standing == Standing::blocked || packet.checksum_bad || !packet.is_tcp()) return;
  NoChunks nobody;
  tracker_.accept(*flow_, side_, packet, nobody);
}

/// Whether the flow began while nothing could be written, and nothing can be yet. Its opening is sent again:
/// with that it may begin once more.
bool Pipeline::is_unrecorded(bool began) noexcept {
  const bool now = cannot_record_->load(std::memory_order_relaxed);
  if (flow_ == nullptr) return now;
  bool& unrecorded = notes_[flow_->slot].unrecorded;
  unrecorded = now && (began || unrecorded);
  return unrecorded;
}

/// True: the packet must not pass, whatever the rules say.
bool Pipeline::look_into(Packet& packet) noexcept {
  const std::size_t protocol =
      flow_ == nullptr ? detect::Subject::kNoProtocol : applications_.protocol_of(*flow_);
  bool refused = false;
  inspecting_ = inspected_ = true;
  inspector_.begin(
      {.packet = &packet, .flow = flow_, .side = side_, .protocol = protocol, .completed = packet.rebuilt});
  if (flow_ != nullptr && protocol == detect::Subject::kNoProtocol) {
    note_given_up(Side::client);
    note_given_up(Side::server);
  }
  if (flow_ != nullptr && packet.is_tcp())
    refused = tracker_.accept(*flow_, side_, packet, *this) == flow::TcpTracker::Outcome::refuse;
  else if (flow_ != nullptr && packet.is_udp())
    datagram(packet);
  inspector_.finish();
  inspecting_ = false;
  return refused;
}

void Pipeline::apply(const Decision& decision) noexcept {
  if (flow_ == nullptr) return;
  // Only the direction of this packet: what the other side may still say, it has not said yet.
  if (decision.reason == Reason::depth_reached) tracker_.let_go(*flow_, side_);
  if (decision.standing == flow_->standing) return;
  flow_->standing = decision.standing;
  if (flow_->is_tcp()) {
    tracker_.stop(*flow_, Side::client);
    tracker_.stop(*flow_, Side::server);
  }
  applications_.stop(*flow_, *this);
}

void Pipeline::on_flow_end(Flow& flow) noexcept {
  Flow* const at_hand = flow_;
  flow_ = &flow;
  watch_.end(flow);
  // What the end of a flow alone would complete is not inspected: bytes behind a gap, which no application
  // has been given, and requests that the peer never finished. No packet stands for them, and with one made
  // up the rules about packets would speak, and thresholds count, what nobody has sent.
  if (flow.is_tcp()) {
    NoChunks nobody;
    tracker_.end(flow, nobody);
  }
  applications_.forget(flow, *this);
  inspector_.forget(flow);
  claim_watch_.forget(flow);
  if (flow.standing == Standing::blocked) {
    Packet last;
    last.arrived = line_.wall_of(flow.last_seen);
    last.source = flow.key.client;
    last.dest = flow.key.server;
    last.source_port = flow.key.client_port;
    last.dest_port = flow.key.server_port;
    last.protocol = flow.key.protocol;
    put(record_of(last, {.enforced = packet::Action::block, .reason = Reason::flow_blocked},
                  RecordKind::flow_end));
  }
  notes_[flow.slot] = {};
  evidence_.forget(flow);
  flow_ = at_hand;
}

void Pipeline::count_frame(const packet::Frame& frame, const Decision& decision) noexcept {
  counters_.packets.add();
  counters_.bytes.add(frame.bytes.size());
  counters_.told[static_cast<std::size_t>(decision.verdict.action)].add();
  counters_.enforced[static_cast<std::size_t>(decision.enforced)].add();
}

void Pipeline::count(const Packet& packet, const Decision& decision) noexcept {
  counters_.reasons[static_cast<std::size_t>(decision.reason)].add();
  packet.anomalies.for_each(
      [this](packet::Anomaly anomaly) { counters_.anomalies[static_cast<std::size_t>(anomaly)].add(); });
  if (decision.reason != Reason::flow_blocked) return;
  counters_.refused_packets.add();
  ++notes_[flow_->slot].refused_packets;
}

void Pipeline::note_losses() noexcept {
  if (policy_.mode == Mode::observe) tracker_.note_losses();
}

void Pipeline::tick(std::chrono::nanoseconds wall) noexcept {
  line_.at(wall);
  flow_ = nullptr;
  flows_.expire(line_.now());
  defragmenter_.expire(line_.now());
  watch_.expire(line_.now());
}

void Pipeline::measure(detect::ProcessorClock clock) noexcept {
  clock_ = clock;
  inspector_.measure(clock);
}

void Pipeline::look_at_clocks(std::chrono::nanoseconds wall, std::chrono::nanoseconds steady) noexcept {
  const std::chrono::nanoseconds jump = line_.look(wall, steady);
  if (jump.count() == 0) return;
  counters_.clock_jumps.add();
  flow_ = nullptr;
  Packet none;
  none.arrived = wall;
  Record record = record_of(none, {}, RecordKind::clock_jumped);
  record.spent = jump;
  put(record);
}

void Pipeline::finish() noexcept {
  watch_.finish(line_.now());
  flows_.clear();
}

}  // namespace bansoko::engine
