// SPDX-License-Identifier: Apache-2.0
#include "shield/flow/stream_arena.h"

#include <cstring>
#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace bansoko::flow {
namespace {

TEST(StreamArena, LendsTheSmallestPowerOfTwoThatFits) {
  StreamArena arena(16384);
  for (const auto& [wanted, got] : std::vector<std::pair<std::size_t, std::uint32_t>>{
           {0, 0}, {1, 512}, {512, 512}, {513, 1024}, {8192, 8192}, {16384, 16384}, {16385, 0}}) {
    StreamArena::Block block = arena.lend(wanted);
    EXPECT_EQ(block.size, got) << wanted;
    arena.take_back(block);
    EXPECT_EQ(block.size, 0u);
    EXPECT_EQ(arena.used(), 0u);
  }
}

TEST(StreamArena, UsesASizeThatIsNoPowerOfTwo) {
  StreamArena arena(7 * 512 + 100);
  std::vector<StreamArena::Block> blocks;
  for (int i = 0; i < 7; ++i) blocks.push_back(arena.lend(512));
  for (const auto& block : blocks) EXPECT_EQ(block.size, 512u);
  EXPECT_EQ(arena.lend(1).size, 0u);
  for (auto& block : blocks) arena.take_back(block);
  EXPECT_EQ(arena.lend(2048).size, 2048u);
}

TEST(StreamArena, BlocksNeverOverlapAndJoinAgain) {
  StreamArena arena(1U << 20U);
  std::mt19937 random(7);
  struct Lent {
    StreamArena::Block block;
    std::uint8_t mark;
  };
  std::vector<Lent> lent;
  for (int step = 0; step < 20000; ++step) {
    if (random() % 2 == 0) {
      const StreamArena::Block block = arena.lend(random() % 20000 + 1);
      if (block.size == 0) continue;
      lent.push_back({block, static_cast<std::uint8_t>(random())});
      std::memset(arena.bytes(block).data(), lent.back().mark, block.size);
    } else if (!lent.empty()) {
      std::swap(lent[random() % lent.size()], lent.back());
      for (const std::uint8_t byte : arena.bytes(lent.back().block)) ASSERT_EQ(byte, lent.back().mark);
      arena.take_back(lent.back().block);
      lent.pop_back();
    }
  }
  for (auto& each : lent) arena.take_back(each.block);
  EXPECT_EQ(arena.used(), 0u);
  EXPECT_EQ(arena.lend(1U << 20U).size, 1U << 20U);
}

}  // namespace
}  // namespace bansoko::flow
