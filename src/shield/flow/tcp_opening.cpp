// SPDX-License-Identifier: Apache-2.0
// How TcpTracker sees connections begin, and end by a reset.
#include <algorithm>

#include "shield/flow/tcp_tracker_state.h"

namespace bansoko::flow {
namespace {

using packet::Anomaly;
using packet::TcpFlag;
using Outcome = TcpTracker::Outcome;

}  // namespace

Outcome TcpTracker::State::accept_syn(const Step& at) noexcept {
  using enum TcpSession::State;
  if (at.session.state == reset) return refuse(at.packet, Anomaly::stream_no_session);
  const bool has_payload = !at.packet.payload.empty();
  if (has_payload) {
    at.packet.anomalies.add(Anomaly::stream_data_on_syn);
    if (settings.on_syn_data == OnLimit::drop && !settings.refused_arrives) return Outcome::refuse;
  }
  if (at.session.state != followed) {
    begin(at.session, at.flow);
    follow(at);
  }
  const bool was_guessed = at.sender().guessed;
  // Which of two connections goes on, the answer will tell; until then there is no place for its data.
  if (!at.session.take_syn(at.from, at.packet.tcp)) return has_payload ? Outcome::refuse : Outcome::accept;
  at.sender().stamped = at.packet.arrived;
  if (was_guessed && !at.sender().guessed) at.flow.midstream = false;
  if (!has_payload) return Outcome::accept;
  if (settings.conflicts_arrive() && at.sender().acked < 0)
    at.sender().provisional = static_cast<std::int64_t>(at.packet.payload.size());
  return std::max(by_policy(settings.on_syn_data), check_and_take(at, 0));
}

Outcome TcpTracker::State::accept_syn_ack(const Step& at) noexcept {
  using enum TcpSession::State;
  if (at.session.state == reset) return refuse(at.packet, Anomaly::stream_no_session);
  if (at.session.state != followed) {
    if (settings.midstream != Midstream::inspect) return accept_without_session(at);
    at.flow.midstream = true;
    counters.midstream.add();
    follow(at);
  }
  if (!at.packet.payload.empty()) at.packet.anomalies.add(Anomaly::stream_data_on_syn);
  switch (at.session.take_syn_ack(at.from, at.packet.tcp)) {
    case TcpSession::SynAck::wrong:
      return refuse(at.packet, Anomaly::stream_outside_window);
    case TcpSession::SynAck::another_connection:
      break;
    case TcpSession::SynAck::taken: {
      at.sender().stamped = at.packet.arrived;
      at.session.is_signed = at.packet.tcp.is_signed;
      note_phase(at);
      StreamSide& receiver = at.receiver();
      reassembly.deliver(at.flow, other(at.from), receiver, {.ready = receiver.next}, at.sink);
      const Outcome outcome = check_and_take(at, 0);
      note_phase(at);
      return outcome;
    }
  }
  // The old connection is dead, and a new one needs a flow of its own: the client's next SYN begins it.
  finish_both(at);
  return refuse(at.packet, Anomaly::stream_no_session);
}

Outcome TcpTracker::State::accept_reset(const Step& at) noexcept {
  using enum TcpSession::State;
  if (at.session.state == refused || (at.session.state == fresh && settings.midstream == Midstream::drop))
    return refuse(at.packet, Anomaly::stream_no_session);
  if (at.session.state == followed) {
    const TcpSession::Reset reset = at.session.judge_reset(at.from, at.packet);
    if (reset == TcpSession::Reset::invalid) return refuse(at.packet, Anomaly::stream_reset_outside_window);
    if (reset == TcpSession::Reset::challenged) return Outcome::accept;
    finish_both(at);
  }
  at.flow.phase = Phase::closed;
  return Outcome::accept;
}

void TcpTracker::State::finish_both(const Step& at) noexcept {
  for (const Side which : {Side::client, Side::server})
    reassembly.finish(at.flow, which, at.session.side(which), at.sink);
  at.session.state = TcpSession::State::reset;
  at.flow.phase = Phase::closed;
}

Outcome TcpTracker::State::accept_without_session(const Step& at) noexcept {
  using enum TcpSession::State;
  if (at.session.state == fresh) {
    at.flow.midstream = true;
    counters.midstream.add();
    if (settings.midstream == Midstream::inspect) {
      at.session.pick_up(at.from, at.packet.tcp);
      tell_systems(at.session, at.flow);
      follow(at);
      return accept_segment(at);
    }
    at.session.state = settings.midstream == Midstream::ignore ? ignored : refused;
  }
  if (at.session.state == refused) return refuse(at.packet, Anomaly::stream_no_session);
  // Left alone: only enough is noted for the flow to end in time.
  if (at.packet.has(TcpFlag::fin)) at.sender().finished = true;
  const bool both = at.sender().finished && at.receiver().finished;
  at.flow.phase = both                                             ? Phase::closed
                  : at.sender().finished || at.receiver().finished ? Phase::closing
                                                                   : Phase::established;
  return Outcome::accept;
}

Outcome TcpTracker::State::guess_other_half(const Step& at) noexcept {
  // Whoever goes on as if the other end had answered, just after a connection between the two was over, may
  // go on with that one.
  if (settings.midstream != Midstream::inspect || at.flow.is_successor)
    return refuse(at.packet, Anomaly::stream_no_session);
  at.packet.anomalies.add(Anomaly::stream_one_sided);
  if (settings.on_one_sided == OnLimit::drop && !settings.refused_arrives) return Outcome::refuse;
  at.flow.midstream = true;
  return std::max(by_policy(settings.on_one_sided), accept_segment(at));
}

Outcome TcpTracker::State::accept_half_open(const Step& at) noexcept {
  const TcpSession before = at.session;
  if (at.session.guess(at.from, at.packet.tcp)) {
    const Outcome outcome = guess_other_half(at);
    if (!at.flow.midstream) at.session = before;
    return outcome;
  }
  // A host that still has an old connection asks back with a bare ACK (RFC 9293 section 3.5.1).
  return at.packet.payload.empty() ? Outcome::accept : refuse(at.packet, Anomaly::stream_no_session);
}

/// Puts a session's segments in order from now on.
void TcpTracker::State::follow(const Step& at) noexcept {
  at.session.state = TcpSession::State::followed;
  at.session.losses = losses;
  at.flow.has_stream = true;
  at.flow.phase = Phase::opening;
  counters.sessions.add();
}

}  // namespace bansoko::flow
