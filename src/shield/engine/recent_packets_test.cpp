// SPDX-License-Identifier: Apache-2.0
#include "shield/engine/recent_packets.h"

#include <deque>
#include <string>

#include <gtest/gtest.h>

namespace bansoko::engine {
namespace {

constexpr std::size_t kMemory = 4096;

KeptPacket of_flow(std::uint64_t flow, std::uint64_t number) {
  return {.evidence = {.flow_id = flow}, .number = number};
}

std::string numbers(const RecentPackets& recent, std::uint64_t flow, std::size_t most) {
  std::string text;
  recent.for_each(flow, most,
                  [&](const KeptPacket& packet, Bytes) { text += std::to_string(packet.number) + " "; });
  return text;
}

TEST(RecentPackets, TheLastOnesOfAFlow) {
  RecentPackets recent(kMemory);
  const std::vector<std::uint8_t> bytes(10);
  for (std::uint64_t i = 0; i < 6; ++i) recent.put(of_flow(i % 2, i), bytes);
  EXPECT_EQ(numbers(recent, 0, 9), "0 2 4 ");
  EXPECT_EQ(numbers(recent, 1, 2), "3 5 ");
  EXPECT_EQ(numbers(recent, 7, 2), "");
}

TEST(RecentPackets, WhatIsTooLargeOrEmptyIsNotRemembered) {
  RecentPackets recent(kMemory);
  recent.put(of_flow(1, 1), std::vector<std::uint8_t>(kMemory + 1));
  recent.put(of_flow(1, 2), {});
  RecentPackets none(0);
  none.put(of_flow(1, 3), std::vector<std::uint8_t>(1));
  EXPECT_EQ(numbers(recent, 1, 9) + numbers(none, 1, 9), "");
}

/// Against a list that never runs out: what is remembered is its end, with the right bytes.
TEST(RecentPackets, RemembersTheNewestThroughManyRounds) {
  RecentPackets recent(kMemory);
  std::deque<std::pair<std::uint64_t, std::size_t>> all;
  std::uint32_t state = 1;
  for (std::uint64_t i = 0; i < 5000; ++i) {
    state = state * 1664525U + 1013904223U;
    const std::size_t size = 1 + (state >> 16U) % (i % 3 == 0 ? kMemory : 300);
    recent.put(of_flow(1, i), std::vector<std::uint8_t>(size, static_cast<std::uint8_t>(i)));
    all.emplace_front(i, size);
    auto expected = all.begin();
    std::vector<std::pair<std::uint64_t, std::size_t>> seen;
    recent.for_each(1, 10000, [&](const KeptPacket& packet, Bytes bytes) {
      seen.emplace_back(packet.number, bytes.size());
      for (const std::uint8_t byte : bytes) ASSERT_EQ(byte, static_cast<std::uint8_t>(packet.number));
    });
    ASSERT_FALSE(seen.empty());
    for (auto one = seen.rbegin(); one != seen.rend(); ++one, ++expected) ASSERT_EQ(*one, *expected) << i;
  }
}

}  // namespace
}  // namespace bansoko::engine
