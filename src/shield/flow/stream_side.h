// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

#include "base/bytes.h"
#include "shield/flow/range_pool.h"
#include "shield/flow/stream_arena.h"
#include "shield/packet/host.h"

namespace bansoko::flow {

/// What one side of a TCP conversation has sent. Places in its stream are 64-bit offsets (0: the byte after
/// the SYN), signed because a segment may lie before what we saw first.
struct StreamSide {
  static constexpr std::int64_t kUnknown = INT64_MIN / 2;
  static constexpr std::int64_t kLargestWindow = std::int64_t{65535} << 14U;  // RFC 7323 section 2.3
  static constexpr std::int8_t kNoScale = -1;
  static constexpr std::int64_t kSynUnacknowledged = -1;

  std::int64_t next = 0;          // the first byte not delivered
  std::int64_t acked = kUnknown;  // the receiver has everything before
  std::int64_t edge = kUnknown;   // the end of the largest window the receiver offered
  std::int64_t fin = kUnknown;    // where the stream ends
  std::int64_t base = 0;          // of the block's first byte
  std::int64_t held = 0;          // [held, next) is in the block
  std::int64_t provisional = 0;   // what is before came on a SYN, and its receiver may have thrown it away
  std::int64_t lost_begin = kUnknown;  // between these lies all that was given up waiting for
  std::int64_t lost_end = kUnknown;
  std::chrono::nanoseconds stamped{};  // when `timestamp` came
  StreamArena::Block block;
  RangePool::List ranges;            // what else is in the block, out of order
  std::uint32_t first_sequence = 0;  // of offset 0
  std::uint32_t timestamp = 0;       // the receiver has seen this one, and takes nothing older (RFC 7323)
  std::uint32_t gap = 0;             // bytes lost just before `next` that no chunk has told of
  packet::System system = packet::System::first;  // the receiver's
  std::int8_t scale = kNoScale;                   // of the windows that this side offers
  bool synchronised = false;                      // first_sequence is known
  bool guessed = false;                           // and was told by the other side only
  bool open = false;                              // the receiver hands over what arrives in order
  bool done = false;      // nothing more is kept or delivered: depth, stop(), or the end
  bool finished = false;  // the end was told
  bool stamps = false;    // its SYN had a timestamp
  bool joined = false;    // where segments began is no longer known, for want of ranges
  bool let_go = false;    // its packets may go by unseen, and its acknowledgements with them

  void synchronise(std::uint32_t sequence) noexcept {
    first_sequence = sequence;
    synchronised = true;
  }

  std::int64_t offset_of(std::uint32_t sequence) const noexcept {
    const std::uint32_t expected = first_sequence + static_cast<std::uint32_t>(next);
    return next + static_cast<std::int32_t>(sequence - expected);
  }

  /// The end of all that was seen.
  std::int64_t top() const noexcept { return ranges.empty() ? next : std::max(next, ranges.top); }

  /// Where the receiver's window ends, as far as we know.
  std::int64_t limit() const noexcept {
    return edge == kUnknown ? top() + kLargestWindow / 2 : std::max(edge, top());
  }

  /// Nothing more will be delivered, and nothing that was can be replaced.
  bool past() const noexcept { return done && block.size == 0; }

  bool has_fin() const noexcept { return fin != kUnknown; }
};

/// The payload of one TCP segment, and its place.
struct Segment {
  std::int64_t begin = 0;
  Bytes payload = {};

  std::int64_t end() const noexcept { return begin + static_cast<std::int64_t>(payload.size()); }
  Bytes from(std::int64_t offset) const noexcept {
    return payload.subspan(static_cast<std::size_t>(offset - begin));
  }
};

}  // namespace bansoko::flow
