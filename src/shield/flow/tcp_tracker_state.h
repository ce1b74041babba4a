// SPDX-License-Identifier: Apache-2.0
#pragma once

// The inside of TcpTracker: tcp_opening.cpp has how a connection begins and ends, tcp_tracker.cpp what is
// between.

#include <cassert>
#include <optional>

#include "base/lazy_array.h"
#include "shield/flow/reassembly.h"
#include "shield/flow/tcp_session.h"
#include "shield/flow/tcp_tracker.h"

namespace bansoko::flow {

inline TcpTracker::Outcome refuse(packet::Packet& packet, packet::Anomaly why) noexcept {
  packet.anomalies.add(why);
  return TcpTracker::Outcome::refuse;
}

inline TcpTracker::Outcome by_policy(OnLimit policy) noexcept {
  return policy == OnLimit::pass ? TcpTracker::Outcome::accept : TcpTracker::Outcome::refuse;
}

struct TcpTracker::State {
  using Packet = packet::Packet;

  State(const StreamSettings& given, std::uint32_t max_flows)
      : settings(given), sessions(max_flows), reassembly(given, max_flows, counters) {}

  /// What a comparison with earlier bytes came to.
  struct Checked {
    Outcome outcome = Outcome::accept;
    bool counts = true;  // its receiver sees it
  };

  /// One packet on its way through.
  struct Step {
    Flow& flow;
    Side from;
    Packet& packet;
    ChunkSink& sink;
    TcpSession& session;

    StreamSide& sender() const noexcept { return session.side(from); }
    StreamSide& receiver() const noexcept { return session.side(other(from)); }
  };

  TcpSession& session_of(const Flow& flow) noexcept {
    assert(flow.slot < sessions.size());
    TcpSession& session = sessions[flow.slot];
    if (session.flow != flow.id) begin(session, flow);
    return session;
  }

  void begin(TcpSession& session, const Flow& flow) noexcept {
    if (session.flow != 0) forget(session);
    session = TcpSession{};
    session.flow = flow.id;
    tell_systems(session, flow);
  }

  static void tell_systems(TcpSession& session, const Flow& flow) noexcept {
    for (const Side sender : {Side::client, Side::server})
      session.side(sender).system = flow.hosts[index(other(sender))].system;
  }

  void forget(TcpSession& session) noexcept {
    for (StreamSide& side : session.sides) reassembly.release(side);
    session = {};
  }

  Outcome accept(const Step& at) noexcept;
  Outcome accept_syn(const Step& at) noexcept;
  Outcome accept_syn_ack(const Step& at) noexcept;
  Outcome accept_reset(const Step& at) noexcept;
  Outcome accept_without_session(const Step& at) noexcept;
  Outcome accept_half_open(const Step& at) noexcept;
  Outcome accept_segment(const Step& at) noexcept;
  bool believe(const Step& at, const Segment& segment, std::int64_t acknowledged) noexcept;
  Outcome guess_other_half(const Step& at) noexcept;
  Checked check(const Step& at, const Segment& segment) noexcept;
  std::optional<Outcome> thrown_away(const Step& at, const Segment& segment,
                                     std::int64_t acknowledged) const noexcept;
  Outcome check_urgent(const Step& at) const noexcept;
  Outcome check_close(const Step& at, const Segment& segment) const noexcept;
  bool cut_histories(std::size_t wanted) noexcept;
  Outcome keep(const Step& at, const Segment& segment, Reassembly::Kept& kept) noexcept;
  Outcome take_payload(const Step& at, std::int64_t begin) noexcept;
  Outcome check_and_take(const Step& at, std::int64_t begin) noexcept;
  void take_acknowledgement(const Step& at, std::int64_t acknowledged) noexcept;
  void follow(const Step& at) noexcept;
  void finish_both(const Step& at) noexcept;
  void note_phase(const Step& at) noexcept;

  StreamSettings settings;
  StreamCounters counters;
  LazyArray<TcpSession> sessions;  // flow 0: never used
  Reassembly reassembly;
  packet::Conflict conflict;  // of the packet at hand
  std::uint32_t losses = 0;   // how often note_losses() was called
  std::size_t sweep = 0;      // where cut_histories() looked last
};

}  // namespace bansoko::flow
