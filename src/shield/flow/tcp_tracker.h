// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>

#include "base/counter.h"
#include "shield/flow/flow.h"
#include "shield/packet/conflict.h"

namespace bansoko::flow {

/// What to do when a bound is reached.
enum class OnLimit : std::uint8_t { pass, drop };

/// What to do with segments that carry urgent data (RFC 6093). Where an application does not ask for it
/// inline, most systems take one byte out of what it reads, and we do not know which applications do.
enum class Urgent : std::uint8_t { inline_data, drop };

/// What to do with a TCP conversation whose beginning we did not see.
enum class Midstream : std::uint8_t { inspect, ignore, drop };

struct StreamSettings {
  std::uint32_t memory = 64U << 20U;   // bytes per worker for all streams, reserved at start
  std::uint32_t window = 512U << 10U;  // bytes kept per side at most: not yet acknowledged, or out of order
  std::uint32_t history = 4096;        // bytes already delivered that stay before the new ones; while memory
                                       // is short 512 of them, or fewer
  std::uint32_t max_ranges = 64;       // separate runs of out-of-order bytes per side
  std::uint64_t depth = 1U << 20U;     // bytes inspected per side; 0: all
  Midstream midstream = Midstream::inspect;
  OnLimit on_memory_limit = OnLimit::drop;
  OnLimit on_segment_limit = OnLimit::drop;
  OnLimit on_unverified = OnLimit::pass;  // a retransmission of bytes we no longer hold
  OnLimit on_conflict = OnLimit::drop;    // a retransmission with other bytes
  OnLimit on_syn_data = OnLimit::drop;    // data on a SYN: its receiver may have it before we have judged it
  OnLimit on_one_sided = OnLimit::pass;   // a connection of which we see one direction only
  Urgent urgent = Urgent::drop;
  bool refused_arrives = false;  // mode observe: what is refused reaches its receiver all the same

  /// Whether a segment that contradicts an earlier one may be seen by its receiver.
  bool conflicts_arrive() const noexcept { return refused_arrives || on_conflict == OnLimit::pass; }
};

struct StreamCounters {
  Counter sessions, midstream, delivered_bytes, out_of_order, retransmitted, conflicts, gaps, depth_reached,
      memory_limit, segment_limit, unverified, memory_used, history_cut;
};

/// Takes what a stream delivers. Called from inside TcpTracker::accept(), before that packet's verdict.
class ChunkSink {
 public:
  virtual ~ChunkSink() = default;
  virtual void on_chunk(Flow& flow, const StreamChunk& chunk) noexcept = 0;
};

/// Follows TCP conversations and delivers what each receiver will see, in order and once.
///
/// A segment that closes a gap is delivered with all the contiguous bytes behind it, so that whoever
/// refuses that segment keeps the receiver from seeing any of them. The first copy of a byte wins: bytes
/// are kept until the receiver acknowledges them, and a retransmission that differs must not pass. Where it
/// passes or arrives all the same, the copy counts that the receiver's system takes (overlap.h); of what was
/// delivered, always the first.
/// Memory for all streams is reserved at start.
class TcpTracker {
 public:
  enum class Outcome : std::uint8_t {
    accept,  // may pass, unless what it delivered is refused
    refuse,  // must not pass; the reason is among the packet's anomalies
  };

  TcpTracker(const StreamSettings& settings, std::uint32_t max_flows);
  ~TcpTracker();

  Outcome accept(Flow& flow, Side from, packet::Packet& packet, ChunkSink& sink) noexcept;

  /// True once no further byte of either side would be delivered: the depth is reached on both.
  bool depth_reached(const Flow& flow) const noexcept;

  /// The same of one side, which has not ended either: its packets need not be shown any more.
  bool depth_reached(const Flow& flow, Side of) const noexcept;

  /// From now on packets of this side may go by unseen, but for SYN, FIN and RST. What they acknowledge and
  /// which windows they offer is then unknown, and the other side is judged without.
  void let_go(Flow& flow, Side side) noexcept;
  bool is_let_go(const Flow& flow, Side side) const noexcept;

  /// Packets went by that we were not shown, whose they were nobody knows. Of each connection some
  /// packets that fit nothing are then believed, and it is followed from there on. Only where nothing is
  /// refused: an engine in the way must never believe what its receiver would not.
  void note_losses() noexcept;

  /// Nobody wants this side's bytes any more: stop keeping and delivering them.
  void stop(Flow& flow, Side side) noexcept;

  /// Tells the sink of bytes that never became contiguous, if any, then gives the memory back.
  void end(Flow& flow, ChunkSink& sink) noexcept;

  /// What this side has said and is still held, all of it history: for who learns late what to make of it.
  /// Its bytes stay until the next packet.
  StreamChunk delivered(const Flow& flow, Side of) const noexcept;

  /// How the segment given last contradicts what came before; size 0: it does not.
  const packet::Conflict& conflict() const noexcept;

  const StreamCounters& counters() const noexcept;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace bansoko::flow
