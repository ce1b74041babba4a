// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>

#include "base/lazy_array.h"
#include "shield/flow/flow.h"
#include "shield/flow/slot_lists.h"
#include "shield/packet/packet.h"
#include "shield/recon/attempt.h"

namespace bansoko::recon {

/// Follows the flows of one worker until it is known how each began: one attempt is told for each.
///
/// TCP: a SYN, or a packet that no stack begins with (neither SYN, ACK nor RST), which is a scan. UDP: the
/// first datagram, unless it looks like an answer (from a port below 1024 to one above), goes to several, or
/// is a probe of traceroute. Everything else begins nothing.
class AttemptWatch {
 public:
  /// Time for an answer; after it an attempt has failed. Zero: nothing is watched. `sink` must outlive it.
  AttemptWatch(std::uint32_t max_flows, std::chrono::nanoseconds answer_time, AttemptSink& sink);

  /// Each packet of a flow, whatever becomes of it. Which of a few bytes holds the answer is all that most
  /// packets pay.
  void see(const flow::Flow& flow, flow::Side side, const packet::Packet& packet, bool created) noexcept {
    if (created || stages_[flow.slot] != Stage::none) look(flow, side, packet, created);
  }

  /// A flow is over: what has not been answered will not be.
  void end(const flow::Flow& flow) noexcept;

  /// Lets time pass; bounded work per call.
  void expire(std::chrono::nanoseconds now) noexcept;

  /// The traffic is over. What was begun within the last second is left undecided.
  void finish(std::chrono::nanoseconds now) noexcept;

 private:
  enum class Stage : std::uint8_t {
    none,   // nothing is waited for
    asked,  // no answer yet
    heard,  // TCP: a SYN+ACK came; whether the source heard it is open
  };
  struct Watched {
    const flow::Flow* flow = nullptr;
    std::chrono::nanoseconds began{};
    std::uint32_t proof = 0;  // the acknowledgement that only who heard the SYN+ACK knows
  };

  void look(const flow::Flow& flow, flow::Side side, const packet::Packet& packet, bool created) noexcept;
  void hear(const flow::Flow& flow, const packet::Packet& packet) noexcept;
  void decide(const flow::Flow& flow, Outcome outcome, std::chrono::nanoseconds now) noexcept;
  void time_is_up(const flow::Flow& flow, std::chrono::nanoseconds now) noexcept;
  void forget(const flow::Flow& flow) noexcept;

  static constexpr int kDecidedPerCall = 256;

  std::chrono::nanoseconds answer_time_;
  AttemptSink& sink_;
  LazyArray<Stage> stages_;     // by slot, like what follows
  LazyArray<Watched> watched_;  // of those that have a stage
  flow::SlotLists<1> waiting_;  // the one begun first in front
};

}  // namespace bansoko::recon
