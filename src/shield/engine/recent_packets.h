// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/bytes.h"
#include "shield/engine/packet_ring.h"

namespace bansoko::engine {

/// The packets seen last, of all flows, in memory of a fixed size: the newest takes the place of the oldest.
class RecentPackets {
 public:
  /// Takes `bytes` of memory; 0: remembers nothing.
  explicit RecentPackets(std::size_t bytes);

  /// Copies `bytes`, the packet from its IP header on. One that is larger than the memory is not remembered.
  void put(const KeptPacket& packet, Bytes bytes) noexcept;

  /// Calls `each(packet, bytes)` for those whose evidence.flow_id is `flow_id`, the oldest first; of more
  /// than `most` only the last ones.
  template <class Each>
  void for_each(std::uint64_t flow_id, std::size_t most, Each each) const noexcept {
    std::size_t found = 0;
    for (std::size_t i = 0; i < count_; ++i) found += entry(i).packet.evidence.flow_id == flow_id ? 1 : 0;
    for (std::size_t i = 0; i < count_ && found > 0; ++i) {
      const Entry& one = entry(i);
      if (one.packet.evidence.flow_id == flow_id && found-- <= most) each(one.packet, bytes_of(one));
    }
  }

 private:
  struct Entry {
    KeptPacket packet = {};
    std::size_t at = 0;  // of its bytes
  };

  const Entry& entry(std::size_t i) const noexcept { return entries_[(oldest_ + i) % entries_.size()]; }
  Bytes bytes_of(const Entry& one) const noexcept { return memory_.part(one.at, one.packet.size); }
  void forget_oldest() noexcept;

  LazyArray<std::uint8_t> memory_;
  LazyArray<Entry> entries_;
  std::size_t oldest_ = 0;
  std::size_t count_ = 0;
  std::size_t next_at_ = 0;
};

}  // namespace bansoko::engine
