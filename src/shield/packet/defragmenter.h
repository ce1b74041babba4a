// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "base/counter.h"
#include "shield/packet/conflict.h"
#include "shield/packet/decode.h"
#include "shield/packet/host.h"
#include "shield/packet/packet.h"

namespace bansoko::packet {

/// What becomes of fragments that no honest sender makes.
enum class OnFault : std::uint8_t { pass, drop };

struct DefragSettings {
  std::uint32_t max_datagrams = 1024;  // being put together at one time
  std::uint32_t max_fragments = 64;    // of one datagram
  std::uint32_t memory = 8U << 20U;    // bytes, taken at start
  std::chrono::seconds timeout{30};    // as most receivers; IPv6 gets twice that (RFC 8200 section 4.5)
  std::uint32_t min_size = 8;          // bytes of data, of every fragment but the last
  OnFault on_small = OnFault::drop;
  OnFault on_overlap = OnFault::drop;                // with different bytes
  bool refused_arrives = false;                      // mode observe: what is refused passes all the same
  std::shared_ptr<const HostTable> hosts = nullptr;  // null: all have the defaults
};

struct DefragCounters {
  Counter held, completed, dropped, timed_out, limit_reached;
};

/// Puts IPv4 and IPv6 fragments back together. A datagram whose fragments overlap with different bytes is
/// refused, as is an IPv6 one whose fragments overlap at all (RFC 5722) unless one is an exact duplicate.
/// What is refused stays refused until its time is up. Where overlaps pass, or what is refused arrives, the
/// copy of a byte counts that the destination's system takes (overlap.h); linux and IPv6 never take such a
/// datagram. Over a limit, what is new is refused: to give up something old would let its last fragment pass
/// unseen. All memory is taken at start.
class Defragmenter {
 public:
  enum class Outcome : std::uint8_t {
    whole,              // was no fragment: untouched
    held,               // kept; the datagram is not complete. The fragment itself may pass
    completed,          // `packet` is now the whole datagram, valid until the next add()
    refused,            // broken or over a limit: must not pass
    completed_refused,  // must not pass; where it does, `packet` is what its receiver has
  };

  /// `seed` is secret, so that nobody can aim at one bucket of the table.
  Defragmenter(const DefragSettings& settings, const DecodeSettings& decode, std::uint64_t seed = 0);
  ~Defragmenter();

  Outcome add(Packet& packet) noexcept;

  /// The datagram that add() has just completed must not pass. Its receiver still holds the fragments that
  /// were let by, so until the time is up every further fragment of it is refused too.
  void refuse_completed() noexcept;

  /// How the packet given last differs from what came before; size 0: it does not.
  const Conflict& conflict() const noexcept;

  /// Forgets datagrams older than the timeout. Call now and then, with the batch's clock.
  void expire(std::chrono::nanoseconds now) noexcept;

  const DefragCounters& counters() const noexcept;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace bansoko::packet
