// SPDX-License-Identifier: Apache-2.0
#include "shield/flow/reassembly.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstring>
#include <limits>

#include "shield/packet/overlap.h"

namespace bansoko::flow {
namespace {

constexpr std::uint64_t kMostRanges = 65536;                     // of all streams
constexpr std::uint32_t kShortHistory = StreamArena::kSmallest;  // what stays of it while memory is short

std::size_t distance(std::int64_t begin, std::int64_t end) noexcept {
  assert(begin <= end);
  return static_cast<std::size_t>(end - begin);
}

void add_gap(StreamSide& side, std::size_t size) noexcept {
  const std::uint64_t sum = std::uint64_t{side.gap} + size;
  side.gap =
      static_cast<std::uint32_t>(std::min<std::uint64_t>(sum, std::numeric_limits<std::uint32_t>::max()));
}

}  // namespace

Reassembly::Reassembly(const StreamSettings& settings, std::uint32_t max_flows, StreamCounters& counters)
    : settings_(settings),
      counters_(counters),
      arena_(settings.memory),
      ranges_(static_cast<std::uint32_t>(
          std::min(std::uint64_t{2} * max_flows * settings.max_ranges, kMostRanges))) {}

std::int64_t Reassembly::depth() const noexcept {
  const auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  return static_cast<std::int64_t>(settings_.depth == 0 ? most : std::min(settings_.depth, most));
}

bool Reassembly::agrees(const StreamSide& side, const Segment& segment, std::int64_t begin, std::int64_t end,
                        packet::Conflict& conflict) const noexcept {
  const std::int64_t from = std::max(begin, segment.begin);
  const std::int64_t to = std::min(end, segment.end());
  if (from >= to) return true;
  const auto held = arena_.bytes(side.block).subspan(distance(side.base, from), distance(from, to));
  if (std::memcmp(held.data(), segment.from(from).data(), held.size()) == 0) return true;
  conflict.note(static_cast<std::uint64_t>(from), held, segment.from(from).first(held.size()));
  return false;
}

Reassembly::Comparison Reassembly::compare(const StreamSide& side, const Segment& segment,
                                           packet::Conflict& conflict) const noexcept {
  if (segment.begin >= side.next && side.ranges.empty()) return Comparison::agrees;
  if (!agrees(side, segment, side.held, side.next, conflict)) return Comparison::differs;
  std::uint32_t node = side.ranges.first;
  while (node != RangePool::kNone && ranges_.at(node).begin < segment.end()) {
    const RangePool::Range& range = ranges_.at(node);
    if (!agrees(side, segment, range.begin, range.end, conflict)) return Comparison::differs;
    node = range.next;
  }
  // The acknowledgement that made us give them up need not have been the receiver's.
  if (segment.begin < std::min(side.lost_end, side.held) && segment.end() > side.lost_begin)
    return Comparison::late;
  // What the receiver has acknowledged it will not take again, whatever it says.
  const bool unknown = std::max(segment.begin, side.acked) < std::min(segment.end(), side.held);
  return unknown ? Comparison::unverified : Comparison::agrees;
}

Reassembly::Kept Reassembly::keep(StreamSide& side, const Segment& segment) noexcept {
  const std::int64_t begin = std::max(segment.begin, side.next);
  const std::int64_t end = std::min(segment.end(), depth());
  Kept kept{.ready = side.next};
  if (begin >= end) return kept;
  const bool ordered = in_order(side, segment);
  const bool apart = keeps_apart(side, begin, end);
  if (!ordered) {
    if (end - side.next > std::int64_t{settings_.window}) return {Kept::Limit::window, side.next, {}};
    if (!apart && !ranges_.has_room(side.ranges, begin, end, settings_.max_ranges))
      return {Kept::Limit::segments, side.next, {}};
  }
  const Bytes bytes = segment.from(begin).first(distance(begin, end));
  if (!make_room(side, end, ordered)) return {Kept::Limit::memory, side.next, {}};
  lay(side, begin, bytes, apart);
  if (ordered) {
    kept.ready = end;
    return kept;
  }
  if (apart)
    ranges_.fill(side.ranges, begin, end);
  else
    ranges_.add(side.ranges, begin, end);
  counters_.out_of_order.add();
  return kept;
}

/// Whether where segments begin is still to be remembered.
bool Reassembly::keeps_apart(StreamSide& side, std::int64_t begin, std::int64_t end) const noexcept {
  if (!settings_.conflicts_arrive() || !packet::minds_segment_ends(side.system)) return false;
  if (!ranges_.has_room_apart(side.ranges, begin, end, settings_.max_ranges)) side.joined = true;
  return !side.joined;
}

/// Writes the bytes of a segment where there are none yet, and over those that it wins from.
void Reassembly::lay(StreamSide& side, std::int64_t begin, Bytes bytes, bool apart) noexcept {
  const auto block = arena_.bytes(side.block);
  const std::int64_t end = begin + static_cast<std::int64_t>(bytes.size());
  const auto write = [&](std::int64_t from, std::int64_t to) {
    std::memcpy(block.subspan(distance(side.base, from)).data(), bytes.subspan(distance(begin, from)).data(),
                distance(from, to));
  };
  if (side.ranges.empty() || !settings_.conflicts_arrive()) return write(begin, end);
  const auto gives_way = [&](const RangePool::Range& old) {
    // Linux sorts by where a segment began, the others by what is left of it.
    const std::int64_t old_begin = side.system == packet::System::linux ? old.origin : old.begin;
    return old.begin < side.provisional ||
           packet::later_segment_wins<std::int64_t>(side.system, {begin, end}, {old_begin, old.end});
  };
  ranges_.for_each_gap(side.ranges, begin, end, write);
  for (auto node = side.ranges.first; node != RangePool::kNone; node = ranges_.at(node).next) {
    const RangePool::Range& old = ranges_.at(node);
    const std::int64_t from = std::max(begin, old.begin);
    const std::int64_t to = std::min(end, old.end);
    if (from < to && gives_way(old)) write(from, to);
  }
  if (apart) ranges_.cut(side.ranges, begin, end, gives_way);
}

bool Reassembly::in_order(const StreamSide& side, const Segment& segment) const noexcept {
  return side.open && segment.begin <= side.next && segment.end() > side.next;
}

Reassembly::Kept Reassembly::pass_unkept(StreamSide& side, const Segment& segment) noexcept {
  if (!in_order(side, segment)) return {.ready = side.next};
  ranges_.clear(side.ranges);  // all within the segment, or the block would have had room
  const std::int64_t end = std::min(segment.end(), depth());
  return {.ready = end, .direct = segment.from(side.next).first(distance(side.next, end))};
}

std::size_t Reassembly::cut_history(StreamSide& side) noexcept {
  if (side.block.size <= kShortHistory || !side.ranges.empty() || side.acked < side.next) return 0;
  const std::size_t before = arena_.used();
  const std::int64_t wanted = std::min(kShortHistory, settings_.history);
  const std::int64_t floor = std::max(side.held, side.next - wanted);
  // A small block elsewhere fills a small hole; what is left of a large one would be a pillar in its middle.
  if (const StreamArena::Block small = arena_.lend(kShortHistory); small.size > 0) {
    StreamArena::Block old = side.block;
    move(side, small, floor);
    arena_.take_back(old);
  } else {
    move(side, side.block, floor);
    arena_.shrink(side.block, kShortHistory);
  }
  counters_.history_cut.add();
  counters_.memory_used.set(arena_.used());
  return before - arena_.used();
}

/// The first byte that must stay when the block is to reach `end`: unacknowledged ones, and some that were
/// delivered before, as far as the window allows.
std::int64_t Reassembly::floor_for(const StreamSide& side, std::int64_t end,
                                   std::uint32_t history) const noexcept {
  const std::int64_t wanted = std::min(side.next - std::int64_t{history}, side.acked);
  return std::min(side.next, std::max({side.held, wanted, end - std::int64_t{settings_.window}}));
}

bool Reassembly::make_room(StreamSide& side, std::int64_t end, bool ordered) noexcept {
  if (distance(side.base, end) <= side.block.size) return true;
  const std::int64_t floor = floor_for(side, end, settings_.history);
  const bool fits = distance(floor, end) <= side.block.size;
  // Moving little now and then is cheap; moving much at every packet is not.
  if (fits && distance(floor, side.top()) <= side.block.size / 2) {
    move(side, side.block, floor);
    return true;
  }
  if (move_to_larger(side, floor, end, ordered)) return true;
  if (fits) {
    move(side, side.block, floor);
    return true;
  }
  const std::int64_t short_floor = floor_for(side, end, std::min(kShortHistory, settings_.history));
  if (short_floor == floor) return false;
  counters_.history_cut.add();
  if (distance(short_floor, end) > side.block.size) return move_to_larger(side, short_floor, end, ordered);
  move(side, side.block, short_floor);
  return true;
}

bool Reassembly::move_to_larger(StreamSide& side, std::int64_t floor, std::int64_t end,
                                bool ordered) noexcept {
  const std::size_t needed = distance(floor, end);
  // A quarter of the memory is for bytes in order: holes that nobody fills must not stop other streams.
  const std::size_t allowed = ordered ? arena_.size() : arena_.size() - arena_.size() / 4;
  const bool roomy = arena_.used() + 2 * needed < arena_.size() / 2 && 2 * needed <= settings_.window;
  if (arena_.used() + needed > allowed) return false;
  StreamArena::Block larger = roomy ? arena_.lend(2 * needed) : StreamArena::Block{};
  if (larger.size == 0) larger = arena_.lend(needed);
  if (larger.size == 0) return false;
  StreamArena::Block old = side.block;
  move(side, larger, floor);
  arena_.take_back(old);
  counters_.memory_used.set(arena_.used());
  return true;
}

void Reassembly::move(StreamSide& side, const StreamArena::Block& to, std::int64_t floor) noexcept {
  if (const std::size_t kept = distance(floor, side.top()); kept > 0) {
    const auto source = arena_.bytes(side.block).subspan(distance(side.base, floor), kept);
    std::memmove(arena_.bytes(to).data(), source.data(), kept);
  }
  side.block = to;
  side.base = floor;
  side.held = std::max(side.held, floor);
}

StreamChunk Reassembly::chunk_of(const StreamSide& side, Side from, std::int64_t ready,
                                 Bytes direct) const noexcept {
  StreamChunk chunk{.from = from, .gap = side.gap, .offset = static_cast<std::uint64_t>(side.next)};
  if (ready == side.next) return chunk;
  if (!direct.empty()) {
    chunk.window = direct.first(distance(side.next, ready));
    return chunk;
  }
  if (side.gap == 0) chunk.history = std::min(distance(side.held, side.next), std::size_t{settings_.history});
  const std::size_t start = distance(side.base, side.next) - chunk.history;
  chunk.window = arena_.bytes(side.block).subspan(start, chunk.history + distance(side.next, ready));
  return chunk;
}

StreamChunk Reassembly::delivered(const StreamSide& side, Side from) const noexcept {
  StreamChunk chunk{.from = from, .offset = static_cast<std::uint64_t>(side.next)};
  if (side.block.size == 0) return chunk;
  chunk.history = distance(side.held, side.next);
  chunk.window = arena_.bytes(side.block).subspan(distance(side.base, side.held), chunk.history);
  return chunk;
}

void Reassembly::deliver(Flow& flow, Side from, StreamSide& side, const Kept& kept,
                         ChunkSink& sink) noexcept {
  if (side.done || !side.open) return;
  std::int64_t ready = kept.ready;
  while (!side.ranges.empty() && ranges_.first(side.ranges).begin <= ready) {
    ready = std::max(ready, ranges_.first(side.ranges).end);
    ranges_.pop_front(side.ranges);
  }
  const bool last = side.has_fin() && ready >= side.fin;
  if (ready == side.next && !last) return;
  flow.sequence[index(from)] = 1 + static_cast<std::uint64_t>(std::max<std::int64_t>(ready, 0));
  StreamChunk chunk = chunk_of(side, from, ready, kept.direct);
  chunk.last = last;
  // The sink may call stop(): nothing of the side is used after it.
  if (side.gap > 0) side.held = side.next;
  if (!kept.direct.empty()) side.held = ready;
  side.next = ready;
  side.gap = 0;
  side.finished = last;
  if (last) side.done = true;
  counters_.delivered_bytes.add(chunk.bytes().size());
  if (!last && ready >= depth()) {
    counters_.depth_reached.add();
    side.done = true;
    chunk.last = true;
    ranges_.clear(side.ranges);
  }
  settle(side);
  sink.on_chunk(flow, chunk);
}

bool Reassembly::skip_to(Flow& flow, Side from, StreamSide& side, std::int64_t target,
                         ChunkSink& sink) noexcept {
  bool lost = false;
  side.open = true;  // whoever acknowledges has taken it, even before the handshake's end (RFC 7413)
  while (!side.done && side.next < target) {
    const std::int64_t seen = side.ranges.empty() ? target : ranges_.first(side.ranges).begin;
    const std::int64_t hole_end = std::min(seen, target);
    if (hole_end > side.next) {
      lost = true;
      add_gap(side, distance(side.next, hole_end));
      counters_.gaps.add();
      if (side.lost_begin == StreamSide::kUnknown) side.lost_begin = side.next;
      side.lost_end = hole_end;
      side.next = side.held = hole_end;
    }
    if (side.next >= depth()) {
      counters_.depth_reached.add();
      close(side);
    }
    deliver(flow, from, side, {.ready = side.next}, sink);
  }
  return lost;
}

void Reassembly::finish(Flow& flow, Side from, StreamSide& side, ChunkSink& sink) noexcept {
  if (!side.ranges.empty()) skip_to(flow, from, side, side.ranges.top, sink);
  const bool told = side.next > 0;
  if (!side.done && told) {
    StreamChunk chunk = chunk_of(side, from, side.next, {});
    chunk.last = true;
    side.finished = side.done = true;
    sink.on_chunk(flow, chunk);
  }
  close(side);
}

void Reassembly::settle(StreamSide& side) noexcept {
  if (side.done && side.block.size > 0 && side.acked >= side.next) release(side);
}

void Reassembly::close(StreamSide& side) noexcept {
  side.done = true;
  release(side);
}

void Reassembly::release(StreamSide& side) noexcept {
  ranges_.clear(side.ranges);
  arena_.take_back(side.block);
  counters_.memory_used.set(arena_.used());
  side.base = side.held = side.next;
}

}  // namespace bansoko::flow
