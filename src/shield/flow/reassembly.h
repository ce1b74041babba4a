// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "shield/flow/range_pool.h"
#include "shield/flow/stream_arena.h"
#include "shield/flow/stream_side.h"
#include "shield/flow/tcp_tracker.h"

namespace bansoko::flow {

/// Keeps and delivers the bytes of streams: one linear block per side holds what may still be compared with a
/// retransmission, what was delivered last, and what is out of order. Knows nothing of flags and windows.
class Reassembly {
 public:
  /// How a segment compares with what is held of its side.
  enum class Comparison : std::uint8_t {
    agrees,
    differs,
    unverified,  // some of it is no longer held
    late,        // it has bytes that were given up waiting for
  };

  /// What keeping a segment came to.
  struct Kept {
    enum class Limit : std::uint8_t { none, memory, window, segments };
    Limit limit = Limit::none;
    std::int64_t ready = 0;  // everything before is in order now
    Bytes direct = {};       // there was no memory: the bytes from `next` to `ready`
  };

  Reassembly(const StreamSettings& settings, std::uint32_t max_flows, StreamCounters& counters);

  /// Where it differs is told in `conflict`.
  Comparison compare(const StreamSide& side, const Segment& segment,
                     packet::Conflict& conflict) const noexcept;

  /// Keeps the new bytes of a segment, or on a limit nothing of it. Unless conflicts arrive it must agree
  /// with what is held.
  Kept keep(StreamSide& side, const Segment& segment) noexcept;

  /// For a segment that there was no memory for and that passes all the same: its bytes, if they are in
  /// order.
  Kept pass_unkept(StreamSide& side, const Segment& segment) noexcept;

  /// Cuts the history of a side short if that is all it keeps. Gives back how many bytes that freed.
  std::size_t cut_history(StreamSide& side) noexcept;

  /// Delivers [side.next, kept.ready) and all that follows without a hole.
  void deliver(Flow& flow, Side from, StreamSide& side, const Kept& kept, ChunkSink& sink) noexcept;

  /// The receiver has everything before `target`: gives up waiting for what we did not see.
  /// True if there was any.
  bool skip_to(Flow& flow, Side from, StreamSide& side, std::int64_t target, ChunkSink& sink) noexcept;

  /// Delivers what never became contiguous, then the end. Nothing is kept afterwards.
  void finish(Flow& flow, Side from, StreamSide& side, ChunkSink& sink) noexcept;

  /// Gives back the memory of a side that delivers nothing more, once the receiver has all that was
  /// delivered: until then a retransmission could still replace it.
  void settle(StreamSide& side) noexcept;

  /// Nothing more will be kept or delivered.
  void close(StreamSide& side) noexcept;

  void release(StreamSide& side) noexcept;

 private:
  bool agrees(const StreamSide& side, const Segment& segment, std::int64_t begin, std::int64_t end,
              packet::Conflict& conflict) const noexcept;
  bool keeps_apart(StreamSide& side, std::int64_t begin, std::int64_t end) const noexcept;
  void lay(StreamSide& side, std::int64_t begin, Bytes bytes, bool apart) noexcept;
  bool in_order(const StreamSide& side, const Segment& segment) const noexcept;
  bool make_room(StreamSide& side, std::int64_t end, bool ordered) noexcept;
  bool move_to_larger(StreamSide& side, std::int64_t floor, std::int64_t end, bool ordered) noexcept;
  void move(StreamSide& side, const StreamArena::Block& to, std::int64_t floor) noexcept;
  std::int64_t floor_for(const StreamSide& side, std::int64_t end, std::uint32_t history) const noexcept;
  std::int64_t depth() const noexcept;
  StreamChunk chunk_of(const StreamSide& side, Side from, std::int64_t ready, Bytes direct) const noexcept;

  StreamSettings settings_;
  StreamCounters& counters_;
  StreamArena arena_;
  RangePool ranges_;
};

}  // namespace bansoko::flow
