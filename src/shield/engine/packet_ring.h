// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/bytes.h"
#include "base/lazy_array.h"
#include "shield/engine/judge.h"
#include "shield/packet/frame.h"

namespace bansoko::engine {

/// Which event a packet is the evidence of.
struct EvidenceKey {
  std::uint64_t flow_id = 0;
  std::uint64_t record = 0;         // Record::number of the event that it was begun for
  std::chrono::nanoseconds time{};  // of that event
  bool any = false;                 // false: nothing is kept
};

/// A packet that is kept, but for its bytes: they begin at the IP header. Of one put together from fragments
/// it is the whole datagram. Of one in a tunnel it is the outermost.
struct KeptPacket {
  EvidenceKey evidence = {};
  std::uint64_t number = 0;
  std::chrono::nanoseconds arrived{};
  std::uint32_t size = 0;
  std::uint32_t wire_size = 0;                     // before the driver cut it
  packet::Action action = packet::Action::accept;  // what enforcing does
  Reason reason = Reason::clean;
};

/// A queue of packets in memory of a fixed size, between one thread that puts and one that takes. Neither
/// ever waits.
class PacketRing {
 public:
  static constexpr std::size_t kMaxPacket = 512U << 10U;  // the kernel's largest super-packet

  /// Takes `bytes` of memory, rounded up to a power of two.
  explicit PacketRing(std::size_t bytes);

  /// Copies what `packet.size` is set from. False: there is no room.
  bool put(KeptPacket packet, Bytes bytes) noexcept;

  /// Takes the oldest into `bytes`. False: empty.
  bool take(KeptPacket& packet, std::vector<std::uint8_t>& bytes);

  /// Taken at start.
  std::size_t capacity() const noexcept { return memory_.size(); }

 private:
  void copy_in(std::size_t at, Bytes bytes) noexcept;
  void copy_out(std::size_t at, std::span<std::uint8_t> bytes) const noexcept;

  static constexpr std::size_t kCacheLine = 64;

  LazyArray<std::uint8_t> memory_;
  alignas(kCacheLine) std::atomic<std::size_t> head_{0};  // bytes ever taken
  alignas(kCacheLine) std::atomic<std::size_t> tail_{0};  // bytes ever put
};

}  // namespace bansoko::engine
