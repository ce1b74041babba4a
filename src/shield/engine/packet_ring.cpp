// SPDX-License-Identifier: Apache-2.0
#include "shield/engine/packet_ring.h"

#include <algorithm>
#include <array>
#include <bit>
#include <type_traits>

namespace bansoko::engine {
namespace {

static_assert(std::is_trivially_copyable_v<KeptPacket>);
using Head = std::array<std::uint8_t, sizeof(KeptPacket)>;

}  // namespace

PacketRing::PacketRing(std::size_t bytes) : memory_(std::bit_ceil(bytes)) {}

bool PacketRing::put(KeptPacket packet, Bytes bytes) noexcept {
  const std::size_t tail = tail_.load(std::memory_order_relaxed);
  const std::size_t room = memory_.size() - (tail - head_.load(std::memory_order_acquire));
  if (bytes.size() > kMaxPacket || sizeof(Head) + bytes.size() > room) return false;
  packet.size = static_cast<std::uint32_t>(bytes.size());
  copy_in(tail, std::bit_cast<Head>(packet));
  copy_in(tail + sizeof(Head), bytes);
  tail_.store(tail + sizeof(Head) + bytes.size(), std::memory_order_release);
  return true;
}

bool PacketRing::take(KeptPacket& packet, std::vector<std::uint8_t>& bytes) {
  const std::size_t head = head_.load(std::memory_order_relaxed);
  if (head == tail_.load(std::memory_order_acquire)) return false;
  Head raw{};
  copy_out(head, raw);
  packet = std::bit_cast<KeptPacket>(raw);
  bytes.resize(packet.size);
  copy_out(head + sizeof(Head), bytes);
  head_.store(head + sizeof(Head) + bytes.size(), std::memory_order_release);
  return true;
}

void PacketRing::copy_in(std::size_t at, Bytes bytes) noexcept {
  const std::size_t begin = at & (memory_.size() - 1);
  const std::size_t first = std::min(bytes.size(), memory_.size() - begin);
  std::ranges::copy(bytes.first(first), memory_.part(begin, first).begin());
  std::ranges::copy(bytes.subspan(first), memory_.part(0, bytes.size() - first).begin());
}

void PacketRing::copy_out(std::size_t at, std::span<std::uint8_t> bytes) const noexcept {
  const std::size_t begin = at & (memory_.size() - 1);
  const std::size_t first = std::min(bytes.size(), memory_.size() - begin);
  std::ranges::copy(memory_.part(begin, first), bytes.begin());
  std::ranges::copy(memory_.part(0, bytes.size() - first), bytes.subspan(first).begin());
}

}  // namespace bansoko::engine
