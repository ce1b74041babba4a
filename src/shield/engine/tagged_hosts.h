// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>

#include "shield/detect/tag.h"
#include "shield/engine/packet_ring.h"
#include "shield/packet/packet.h"

namespace bansoko::engine {

/// Addresses whose packets a rule wants kept in whatever flow they are (`tag:host`). A few at one time: the
/// one begun first gives way.
class TaggedHosts {
 public:
  static constexpr std::size_t kMost = 16;

  /// Packets behind `packet` from its source (or to its destination) belong to that evidence, `most` of them
  /// or as many as the tag says.
  void begin(const detect::Tag& tag, const packet::Packet& packet, const EvidenceKey& key,
             std::uint32_t most) noexcept;

  /// The evidence that this packet is to be kept for; one without `any`: none. Counts it.
  EvidenceKey take(const packet::Packet& packet, std::size_t size) noexcept;

 private:
  struct Host {
    packet::Address address = {};
    bool is_source = false;
    EvidenceKey key = {};
    std::uint32_t packets = 0;  // still to be kept; 0: none is
    std::uint64_t bytes = 0;
    std::chrono::nanoseconds until{};
  };
  std::array<Host, kMost> hosts_;
  std::size_t next_ = 0;
  bool any_ = false;
};

}  // namespace bansoko::engine
