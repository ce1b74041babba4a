// SPDX-License-Identifier: Apache-2.0
#include "shield/flow/tcp_tracker.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "shield/flow/tcp_tracker_state.h"

namespace bansoko::flow {
namespace {

using packet::Anomaly;
using packet::Packet;
using packet::TcpFlag;
using Outcome = TcpTracker::Outcome;

constexpr std::uint8_t kMostMends =
    16;  // of a session for one loss: what arrives behind a full buffer has more holes
constexpr std::size_t kLookedAtPerPacket = 256;  // sessions, when memory is short

}  // namespace

Outcome TcpTracker::State::accept(const Step& at) noexcept {
  const Packet& packet = at.packet;
  if (packet.has(TcpFlag::syn) && (packet.has(TcpFlag::fin) || packet.has(TcpFlag::rst)))
    return refuse(at.packet, Anomaly::tcp_flags_invalid);
  if (!packet.has(TcpFlag::syn) && at.session.is_signed_otherwise(packet.tcp)) {
    at.packet.anomalies.add(Anomaly::stream_signature);
    // Let by, it counts where its receiver takes no notice of signatures: of those we know, Linux does.
    if (!settings.refused_arrives || at.sender().system == packet::System::linux) return Outcome::refuse;
  }
  if (packet.has(TcpFlag::rst)) return accept_reset(at);
  if (packet.has(TcpFlag::syn)) return packet.has(TcpFlag::ack) ? accept_syn_ack(at) : accept_syn(at);
  // RFC 9293 section 3.10.7.4: without ACK the segment is dropped.
  if (!packet.has(TcpFlag::ack)) return refuse(at.packet, Anomaly::tcp_flags_invalid);
  if (at.session.state == TcpSession::State::fresh || at.session.state == TcpSession::State::ignored ||
      at.session.state == TcpSession::State::refused)
    return accept_without_session(at);
  if (at.session.state == TcpSession::State::reset) {
    return packet.payload.empty() ? Outcome::accept : refuse(at.packet, Anomaly::stream_data_after_close);
  }
  if (!at.sender().synchronised || !at.receiver().synchronised) return accept_half_open(at);
  return accept_segment(at);
}

Outcome TcpTracker::State::accept_segment(const Step& at) noexcept {
  const Segment segment{at.sender().offset_of(at.packet.tcp.sequence), at.packet.payload};
  const std::int64_t acknowledged = at.receiver().offset_of(at.packet.tcp.acknowledgement);
  if (!at.session.in_window(at.from, segment, acknowledged) && !believe(at, segment, acknowledged))
    return refuse(at.packet, Anomaly::stream_outside_window);
  if (const auto outcome = thrown_away(at, segment, acknowledged)) return *outcome;
  if (check_close(at, segment) == Outcome::refuse) return Outcome::refuse;
  Checked checked = check(at, segment);
  if (at.packet.has(TcpFlag::urg) && check_urgent(at) == Outcome::refuse)
    checked = {Outcome::refuse, checked.counts && settings.refused_arrives};
  if (!checked.counts) return checked.outcome;
  at.session.note_timestamp(at.from, at.packet, segment.begin);
  take_acknowledgement(at, acknowledged);
  // An acknowledgement may open the connection for the data that comes with it.
  note_phase(at);
  const Outcome outcome = take_payload(at, segment.begin);
  note_phase(at);
  return std::max(outcome, checked.outcome);
}

/// After a loss, goes forward to where a segment lies that fits nothing we know. False: it does not.
bool TcpTracker::State::believe(const Step& at, const Segment& segment, std::int64_t acknowledged) noexcept {
  StreamSide& side = at.sender();
  const bool ahead = segment.begin >= side.next && acknowledged >= at.receiver().next;
  if (!ahead) return false;
  if (std::exchange(at.session.losses, losses) != losses) at.session.mends = kMostMends;
  if (at.session.mends == 0) return false;
  --at.session.mends;
  at.packet.anomalies.add(Anomaly::stream_gap);
  // The rest, take_acknowledgement() does: the other side is skipped to what is acknowledged of it.
  if (side.done)
    side.next = side.base = side.held = segment.begin;
  else
    reassembly.skip_to(at.flow, at.from, side, segment.begin, at.sink);
  return true;
}

/// What becomes of a segment that its receiver will not look into; nothing if it will.
std::optional<Outcome> TcpTracker::State::thrown_away(const Step& at, const Segment& segment,
                                                      std::int64_t acknowledged) const noexcept {
  const bool is_bare = segment.payload.empty() && !at.packet.has(TcpFlag::fin);
  if (at.session.is_old(at.from, at.packet))
    return is_bare ? Outcome::accept : refuse(at.packet, Anomaly::stream_old_timestamp);
  // RFC 5961 section 5. Before the first byte there is nothing to acknowledge.
  if (acknowledged < StreamSide::kSynUnacknowledged && !at.flow.midstream)
    return is_bare ? Outcome::accept : refuse(at.packet, Anomaly::stream_old_acknowledgement);
  // Of a window probe the receiver takes nothing. Where conflicts are refused it may count all the same.
  const StreamSide& side = at.sender();
  const bool is_probe = !segment.payload.empty() && side.edge != StreamSide::kUnknown &&
                        segment.begin >= side.edge && segment.begin == side.next && !at.receiver().let_go;
  if (is_probe && settings.conflicts_arrive()) return Outcome::accept;
  return std::nullopt;
}

Outcome TcpTracker::State::check_urgent(const Step& at) const noexcept {
  if (at.packet.payload.empty()) return Outcome::accept;
  at.packet.anomalies.add(Anomaly::stream_urgent);
  return settings.urgent == Urgent::drop ? Outcome::refuse : Outcome::accept;
}

Outcome TcpTracker::State::check_and_take(const Step& at, std::int64_t begin) noexcept {
  const Checked checked = check(at, {begin, at.packet.payload});
  return checked.counts ? std::max(checked.outcome, take_payload(at, begin)) : checked.outcome;
}

/// Whether a segment fits what is known about its side's end.
Outcome TcpTracker::State::check_close(const Step& at, const Segment& segment) const noexcept {
  const StreamSide& side = at.sender();
  if (side.has_fin() && segment.end() > side.fin && !segment.payload.empty())
    return refuse(at.packet, Anomaly::stream_data_after_close);
  if (!at.packet.has(TcpFlag::fin)) return Outcome::accept;
  const bool moved = side.has_fin() ? segment.end() != side.fin : segment.end() < side.top();
  return moved ? refuse(at.packet, Anomaly::stream_conflicting_retransmission) : Outcome::accept;
}

/// Whether a segment says again what it said before.
TcpTracker::State::Checked TcpTracker::State::check(const Step& at, const Segment& segment) noexcept {
  const StreamSide& side = at.sender();
  const bool let_go = side.past() && !side.finished;
  if (segment.payload.empty() || let_go) return {};
  // A keep-alive may carry one byte of anything (RFC 9293 section 3.8.4).
  const bool keep_alive =
      segment.begin == side.next - 1 && segment.end() == side.next && side.acked >= side.next;
  if (keep_alive) return {};
  if (segment.end() <= side.next) counters.retransmitted.add();
  OnLimit policy = OnLimit::drop;
  switch (reassembly.compare(side, segment, conflict)) {
    case Reassembly::Comparison::agrees:
      return {};
    case Reassembly::Comparison::differs:
      if (segment.begin < side.provisional && segment.end() <= side.ranges.top) return {};
      counters.conflicts.add();
      at.packet.anomalies.add(Anomaly::stream_conflicting_retransmission);
      // Who would win is known as long as it is known where each segment began.
      if (!side.joined) policy = settings.on_conflict;
      break;
    case Reassembly::Comparison::late:
      at.packet.anomalies.add(Anomaly::stream_late_copy);
      break;
    case Reassembly::Comparison::unverified:
      counters.unverified.add();
      at.packet.anomalies.add(Anomaly::stream_retransmission_unverified);
      policy = settings.on_unverified;
      break;
  }
  return {by_policy(policy), policy == OnLimit::pass || settings.refused_arrives};
}

void TcpTracker::State::take_acknowledgement(const Step& at, std::int64_t acknowledged) noexcept {
  StreamSide& side = at.receiver();
  at.session.acknowledge(at.from, acknowledged, at.packet.tcp.window);
  if (side.let_go && acknowledged > side.next) side.next = side.base = side.held = acknowledged;
  const std::int64_t target = side.has_fin() ? std::min(acknowledged, side.fin) : acknowledged;
  if (target > side.next && !side.done) {
    const bool lost = reassembly.skip_to(at.flow, other(at.from), side, target, at.sink);
    if (lost) at.packet.anomalies.add(Anomaly::stream_gap);
  }
  reassembly.settle(side);
}

/// Takes memory from flows that keep no more than what was delivered and acknowledged. False: found none.
bool TcpTracker::State::cut_histories(std::size_t wanted) noexcept {
  std::size_t freed = 0;
  for (std::size_t looked = 0; looked < kLookedAtPerPacket && freed < 2 * wanted; ++looked) {
    sweep = sweep + 1 < sessions.size() ? sweep + 1 : 0;
    for (StreamSide& side : sessions[sweep].sides) freed += reassembly.cut_history(side);
  }
  return freed > 0;
}

Outcome TcpTracker::State::keep(const Step& at, const Segment& segment, Reassembly::Kept& kept) noexcept {
  using enum Reassembly::Kept::Limit;
  kept = reassembly.keep(at.sender(), segment);
  if (kept.limit == memory && cut_histories(segment.payload.size()))
    kept = reassembly.keep(at.sender(), segment);
  if (kept.limit == none) return Outcome::accept;
  if (kept.limit != segments) {
    counters.memory_limit.add();
    at.packet.anomalies.add(Anomaly::stream_memory_limit);
    if (settings.on_memory_limit == OnLimit::drop) return Outcome::refuse;
    kept = reassembly.pass_unkept(at.sender(), segment);
    return Outcome::accept;
  }
  counters.segment_limit.add();
  at.packet.anomalies.add(Anomaly::stream_segment_limit);
  return by_policy(settings.on_segment_limit);
}

/// Keeps and delivers what a checked segment brings, and notes its FIN.
Outcome TcpTracker::State::take_payload(const Step& at, std::int64_t begin) noexcept {
  StreamSide& side = at.sender();
  const Segment segment{begin, at.packet.payload};
  Reassembly::Kept kept{.ready = side.next};
  const bool fin = at.packet.has(TcpFlag::fin);
  if (side.done) {
    if (fin) side.fin = segment.end();
    const bool awaits_ack = !side.past() && segment.end() - side.next <= std::int64_t{settings.window};
    if (side.finished || awaits_ack) return Outcome::accept;
    reassembly.release(side);
    side.next = side.base = side.held = std::max(side.next, segment.end());
    return Outcome::accept;
  }
  if (!segment.payload.empty() && keep(at, segment, kept) == Outcome::refuse) return Outcome::refuse;
  if (fin) side.fin = segment.end();
  reassembly.deliver(at.flow, at.from, side, kept, at.sink);
  return Outcome::accept;
}

void TcpTracker::State::note_phase(const Step& at) noexcept {
  if (!at.session.established()) return;
  Phase phase = Phase::established;
  for (const StreamSide& side : at.session.sides)
    if (side.has_fin() && (side.done || side.next >= side.fin)) phase = Phase::closing;
  if (at.session.closed()) phase = Phase::closed;
  at.flow.phase = std::max(at.flow.phase, phase);
}

TcpTracker::TcpTracker(const StreamSettings& settings, std::uint32_t max_flows)
    : state_(std::make_unique<State>(settings, max_flows)) {}
TcpTracker::~TcpTracker() = default;

Outcome TcpTracker::accept(Flow& flow, Side from, Packet& packet, ChunkSink& sink) noexcept {
  state_->conflict.size = 0;
  TcpSession& session = state_->session_of(flow);
  const Outcome outcome = state_->accept({flow, from, packet, sink, session});
  for (const Side which : {Side::client, Side::server})
    if (const StreamSide& side = session.side(which); side.synchronised)
      flow.sequence[index(which)] = 1 + static_cast<std::uint64_t>(std::max<std::int64_t>(side.next, 0));
  return outcome;
}

bool TcpTracker::depth_reached(const Flow& flow) const noexcept {
  const TcpSession& session = state_->sessions[flow.slot];
  if (session.flow != flow.id) return false;
  return session.sides[0].past() && session.sides[1].past();
}

bool TcpTracker::depth_reached(const Flow& flow, Side of) const noexcept {
  const TcpSession& session = state_->sessions[flow.slot];
  return session.flow == flow.id && session.side(of).past() && !session.side(of).finished;
}

void TcpTracker::let_go(Flow& flow, Side side) noexcept { state_->session_of(flow).side(side).let_go = true; }

bool TcpTracker::is_let_go(const Flow& flow, Side side) const noexcept {
  const TcpSession& session = state_->sessions[flow.slot];
  return session.flow == flow.id && session.side(side).let_go;
}

void TcpTracker::note_losses() noexcept { ++state_->losses; }

void TcpTracker::stop(Flow& flow, Side side) noexcept {
  state_->reassembly.close(state_->session_of(flow).side(side));
}

void TcpTracker::end(Flow& flow, ChunkSink& sink) noexcept {
  TcpSession& session = state_->session_of(flow);
  for (const Side which : {Side::client, Side::server})
    state_->reassembly.finish(flow, which, session.side(which), sink);
  state_->forget(session);
}

StreamChunk TcpTracker::delivered(const Flow& flow, Side of) const noexcept {
  const TcpSession& session = state_->sessions[flow.slot];
  return session.flow == flow.id ? state_->reassembly.delivered(session.side(of), of)
                                 : StreamChunk{.from = of};
}

const packet::Conflict& TcpTracker::conflict() const noexcept { return state_->conflict; }

const StreamCounters& TcpTracker::counters() const noexcept { return state_->counters; }

}  // namespace bansoko::flow
