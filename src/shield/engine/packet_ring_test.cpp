// SPDX-License-Identifier: Apache-2.0
#include "shield/engine/packet_ring.h"

#include <thread>

#include <gtest/gtest.h>

#include "tests/allocations.h"

namespace bansoko::engine {
namespace {

using Octets = std::vector<std::uint8_t>;

TEST(PacketRing, GivesWhatWasPutInItsOrder) {
  PacketRing ring(4096);
  KeptPacket packet;
  Octets bytes;
  EXPECT_FALSE(ring.take(packet, bytes));
  EXPECT_TRUE(ring.put({.number = 1, .reason = Reason::rule}, Octets{1, 2, 3}));
  EXPECT_TRUE(ring.put({.number = 2}, Octets{}));
  ASSERT_TRUE(ring.take(packet, bytes));
  EXPECT_EQ(packet.number, 1U);
  EXPECT_EQ(packet.reason, Reason::rule);
  EXPECT_EQ(bytes, (Octets{1, 2, 3}));
  ASSERT_TRUE(ring.take(packet, bytes));
  EXPECT_EQ(packet.number, 2U);
  EXPECT_TRUE(bytes.empty());
  EXPECT_FALSE(ring.take(packet, bytes));
}

TEST(PacketRing, FullRefusesAndStaysWhole) {
  PacketRing ring(1024);
  const std::size_t most = ring.capacity() - sizeof(KeptPacket);
  EXPECT_FALSE(ring.put({}, Octets(most + 1)));
  EXPECT_TRUE(ring.put({}, Octets(most, 7)));
  EXPECT_FALSE(ring.put({}, Octets{}));
  KeptPacket packet;
  Octets bytes;
  ASSERT_TRUE(ring.take(packet, bytes));
  EXPECT_EQ(bytes, Octets(most, 7));
  EXPECT_TRUE(ring.put({}, Octets(most)));
}

TEST(PacketRing, NoPacketIsLargerThanTheKernels) {
  PacketRing ring(4 * PacketRing::kMaxPacket);
  EXPECT_TRUE(ring.put({}, Octets(PacketRing::kMaxPacket)));
  EXPECT_FALSE(ring.put({}, Octets(PacketRing::kMaxPacket + 1)));
}

TEST(PacketRing, WrapsAtEveryByte) {
  PacketRing ring(1024);
  KeptPacket packet;
  Octets bytes;
  for (std::uint64_t i = 0; i < 3000; ++i) {
    const Octets put(i % 97, static_cast<std::uint8_t>(i));
    ASSERT_TRUE(ring.put({.number = i}, put));
    ASSERT_TRUE(ring.take(packet, bytes));
    ASSERT_EQ(packet.number, i);
    ASSERT_EQ(bytes, put);
  }
}

TEST(PacketRing, PuttingAllocatesNothing) {
  PacketRing ring(4096);
  const Octets bytes(100);
  const AllocationCounter allocations;
  for (int i = 0; i < 100; ++i) static_cast<void>(ring.put({}, bytes));
  EXPECT_EQ(allocations.count(), 0U);
}

TEST(PacketRing, TwoThreads) {
  constexpr std::uint64_t kPackets = 20000;
  PacketRing ring(2048);
  std::jthread putting([&ring] {
    for (std::uint64_t i = 0; i < kPackets; ++i)
      while (!ring.put({.number = i}, Octets(i % 200, static_cast<std::uint8_t>(i))))
        std::this_thread::yield();
  });
  KeptPacket packet;
  Octets bytes;
  for (std::uint64_t i = 0; i < kPackets; ++i) {
    while (!ring.take(packet, bytes)) std::this_thread::yield();
    ASSERT_EQ(packet.number, i);
    ASSERT_EQ(bytes, Octets(i % 200, static_cast<std::uint8_t>(i)));
  }
}

}  // namespace
}  // namespace bansoko::engine
