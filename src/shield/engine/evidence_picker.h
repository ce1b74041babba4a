// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/counter.h"
#include "shield/engine/judge.h"
#include "shield/engine/packet_ring.h"
#include "shield/engine/recent_packets.h"
#include "shield/engine/tagged_hosts.h"
#include "shield/flow/flow.h"
#include "shield/packet/packet.h"

namespace bansoko::engine {

/// Keeps the packet by which a rule first spoke about a flow, those of the flow just before it, and those
/// that follow it. It copies them while the driver still holds them and never waits: whoever takes them
/// writes them.
class EvidencePicker {
 public:
  /// Into `ring`, which must outlive the picker; null: keeps nothing. At most `max_packets` of one flow.
  /// `recent_bytes`: memory for the packets of all flows seen last.
  EvidencePicker(PacketRing* ring, std::uint32_t max_flows, std::uint32_t max_packets,
                 std::size_t recent_bytes);

  /// Once for each packet, before records are made about it. `alert`: the number of the first alert there
  /// will be. `cut`: bytes that the driver left out.
  void see(const packet::Packet& packet, std::size_t cut, const flow::Flow* flow, const Decision& decision,
           std::optional<std::uint64_t> alert) noexcept;

  /// Before see() of a packet by which a rule speaks that wants the flow's packets behind it (`tag:session`):
  /// where what is kept of the flow was all there may be, evidence begins once more.
  void renew(const flow::Flow& flow) noexcept;
  /// After see() of such a packet: the rule wants those of an address (`tag:host`).
  void follow(const detect::Tag& tag, const packet::Packet& packet, const flow::Flow* flow) noexcept;

  /// What a record about this flow, or about the packet seen last if there is none, is to name.
  EvidenceKey of(const flow::Flow* flow) const noexcept;

  void forget(const flow::Flow& flow) noexcept;

  /// Packets that found no room in the ring.
  std::uint64_t lost() const noexcept { return lost_.value(); }

 private:
  struct Begun {
    EvidenceKey key = {};
    std::uint32_t left = 0;  // packets still to be kept
  };

  bool keep(KeptPacket packet, const EvidenceKey& key, Bytes bytes) noexcept;
  std::uint32_t keep_earlier(const EvidenceKey& key) noexcept;

  PacketRing* ring_;
  RecentPackets recent_;
  std::uint32_t max_packets_;
  std::vector<Begun> begun_;  // by flow slot
  EvidenceKey flowless_ = {};
  TaggedHosts tagged_;
  Counter lost_;
};

}  // namespace bansoko::engine
