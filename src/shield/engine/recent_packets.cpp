// SPDX-License-Identifier: Apache-2.0
#include "shield/engine/recent_packets.h"

#include <algorithm>

namespace bansoko::engine {
namespace {

constexpr std::size_t kBytesAnEntry = 512;  // an ordinary mixture of small packets and large ones has more

}  // namespace

RecentPackets::RecentPackets(std::size_t bytes)
    : memory_(bytes), entries_(bytes == 0 ? 0 : bytes / kBytesAnEntry + 1) {}

void RecentPackets::put(const KeptPacket& packet, Bytes bytes) noexcept {
  if (bytes.size() > memory_.size() || bytes.empty()) return;
  const bool wraps = bytes.size() > memory_.size() - next_at_;
  const std::size_t at = wraps ? 0 : next_at_;
  const auto is_in_the_way = [&](const Entry& oldest) {
    if (wraps && oldest.at >= next_at_) return true;  // what is left of the round before
    return oldest.at < at + bytes.size() && at < oldest.at + oldest.packet.size;
  };
  while (count_ > 0 && (count_ == entries_.size() || is_in_the_way(entry(0)))) forget_oldest();
  std::ranges::copy(bytes, memory_.part(at, bytes.size()).begin());
  Entry& added = entries_[(oldest_ + count_) % entries_.size()];
  added = {packet, at};
  added.packet.size = static_cast<std::uint32_t>(bytes.size());
  ++count_;
  next_at_ = at + bytes.size();
}

void RecentPackets::forget_oldest() noexcept {
  oldest_ = (oldest_ + 1) % entries_.size();
  --count_;
}

}  // namespace bansoko::engine
