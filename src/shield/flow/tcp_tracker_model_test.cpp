// SPDX-License-Identifier: Apache-2.0
// What holds for any order, any cutting and any size, and what a tracker costs.
#include <algorithm>
#include <numeric>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "shield/flow/conversation.h"
#include "tests/allocations.h"

namespace bansoko::flow {
namespace {

using Outcome = TcpTracker::Outcome;

std::string text_of(std::size_t size) {
  std::string text(size, ' ');
  for (std::size_t i = 0; i < size; ++i) text[i] = static_cast<char>('a' + (i * 7 + i / 26) % 26);
  return text;
}

TestSegment piece(const std::string& text, std::size_t begin, std::size_t size) {
  return c(static_cast<std::int64_t>(begin), std::string_view(text).substr(begin, size));
}

TEST(TcpTracker, EveryPermutationOfFourSegments) {
  const std::string text = "abcdefghijkl";
  std::vector<std::size_t> order{0, 1, 2, 3};
  do {
    Conversation conversation({});
    conversation.open();
    for (const std::size_t i : order) EXPECT_EQ(conversation.send(piece(text, i * 3, 3)), Outcome::accept);
    EXPECT_EQ(conversation.sink.texts[0], text);
    EXPECT_TRUE(conversation.anomalies.empty());
  } while (std::next_permutation(order.begin(), order.end()));
}

TEST(TcpTracker, ASegmentThatClosesAGapIsDeliveredWithAllBehindIt) {
  const std::string text = "abcdefghijkl";
  Conversation conversation({});
  conversation.open();
  for (const std::size_t i : {3U, 1U, 2U}) conversation.send(piece(text, i * 3, 3));
  EXPECT_EQ(conversation.sink.chunks, 0u);
  conversation.send(piece(text, 0, 3));
  EXPECT_EQ(conversation.sink.chunks, 1u);
}

class Sizes : public testing::TestWithParam<std::size_t> {};

TEST_P(Sizes, ForwardsAndBackwards) {
  const std::string text = text_of(40000);
  const std::size_t size = GetParam();
  Conversation forwards({.max_ranges = 65536});
  Conversation backwards({.max_ranges = 65536});
  forwards.open();
  backwards.open();
  const std::size_t count = (text.size() + size - 1) / size;
  for (std::size_t i = 0; i < count; ++i) {
    ASSERT_EQ(forwards.send(piece(text, i * size, size)), Outcome::accept);
    ASSERT_EQ(backwards.send(piece(text, (count - 1 - i) * size, size)), Outcome::accept);
  }
  EXPECT_EQ(forwards.sink.texts[0], text);
  EXPECT_EQ(backwards.sink.texts[0], text);
  EXPECT_EQ(backwards.sink.chunks, 1u);
}

INSTANTIATE_TEST_SUITE_P(TcpTracker, Sizes, testing::Values(1, 2, 3, 536, 1460, 8192, 40000));

TEST(TcpTracker, GsoSegmentsWithAcknowledgements) {
  const std::string text = text_of(4'000'000);
  Conversation conversation({.depth = 0});
  conversation.scale = 7;
  conversation.open();
  std::size_t sent = 0;
  while (sent < text.size()) {
    const TestSegment segment = piece(text, sent, 65483);
    ASSERT_EQ(conversation.send(segment), Outcome::accept);
    sent += segment.bytes.size();
    ASSERT_EQ(conversation.send(s(0).acks(static_cast<std::int64_t>(sent))), Outcome::accept);
  }
  EXPECT_TRUE(conversation.sink.texts[0] == text);
  EXPECT_EQ(conversation.sink.largest_history, StreamSettings{}.history);
  EXPECT_LE(conversation.tracker.counters().memory_used.value(), 256U << 10U);
}

TEST(TcpTracker, WithoutAcknowledgementsAWindowIsKeptAndMoreIsUnverified) {
  const std::string text = text_of(300'000);
  Conversation conversation({.window = 65536, .depth = 0});
  conversation.scale = 14;
  conversation.open();
  conversation.send(s(0));
  for (std::size_t sent = 0; sent < text.size(); sent += 1000)
    ASSERT_EQ(conversation.send(piece(text, sent, 1000)), Outcome::accept);
  EXPECT_TRUE(conversation.sink.texts[0] == text);
  EXPECT_LE(conversation.tracker.counters().memory_used.value(), 65536u);
  const std::string other(1000, '?');
  EXPECT_EQ(conversation.send(c(299'000, other)), Outcome::refuse);
  EXPECT_EQ(conversation.tracker.counters().unverified.value(), 0u);
  EXPECT_EQ(conversation.send(c(1000, other)), Outcome::accept);
  EXPECT_EQ(conversation.tracker.counters().unverified.value(), 1u);
}

/// Cuts `text` at random into pieces that overlap, repeat and come out of order, but not farther apart than
/// `spread` pieces.
std::vector<TestSegment> shuffled(const std::string& text, std::size_t spread, std::mt19937& random) {
  std::vector<TestSegment> pieces;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t size = random() % 300 + 1;
    const std::size_t back = random() % 4 == 0 ? std::min<std::size_t>(begin, random() % 500) : 0;
    pieces.push_back(piece(text, begin - back, size + back));
    if (random() % 8 == 0) pieces.push_back(pieces[random() % pieces.size()]);
    begin += size;
  }
  for (std::size_t i = 0; i < pieces.size(); ++i)
    std::swap(pieces[i], pieces[std::min(pieces.size() - 1, i + random() % spread)]);
  return pieces;
}

class Model : public testing::TestWithParam<unsigned> {};

TEST_P(Model, DeliversExactlyTheText) {
  std::mt19937 random(GetParam());
  const std::string text = text_of(30000);
  Conversation conversation({.max_ranges = 1024});
  conversation.isn = {static_cast<std::uint32_t>(random()), static_cast<std::uint32_t>(random())};
  conversation.open();
  const std::string foreign(700, '!');
  std::int64_t top = 0;
  for (const TestSegment& segment : shuffled(text, GetParam() % 7 * 5 + 1, random)) {
    ASSERT_EQ(conversation.send(segment), Outcome::accept);
    top = std::max(top, segment.offset + static_cast<std::int64_t>(segment.bytes.size()));
    const auto delivered = static_cast<std::int64_t>(conversation.sink.next[0]);
    if (random() % 4 == 0)
      conversation.send(s(0).acks(static_cast<std::int64_t>(random()) % (delivered + 1)));
    // Other bytes in place of some that wait for a gap to close are never let through.
    if (top > delivered) {
      EXPECT_EQ(conversation.send(c(top - 1, foreign)), Outcome::refuse);
    }
  }
  EXPECT_TRUE(conversation.sink.texts[0] == text);
  EXPECT_EQ(conversation.tracker.counters().gaps.value(), 0u);
  conversation.tracker.end(conversation.flow, conversation.sink);
  EXPECT_EQ(conversation.tracker.counters().memory_used.value(), 0u);
}

INSTANTIATE_TEST_SUITE_P(TcpTracker, Model, testing::Range(0U, 40U));

TEST(TcpTracker, EndTellsWhatNeverBecameContiguous) {
  Conversation conversation({});
  conversation.open();
  conversation.send(c(0, "a"));
  conversation.send(c(3, "d"));
  conversation.send(c(5, "f"));
  conversation.tracker.end(conversation.flow, conversation.sink);
  EXPECT_EQ(conversation.sink.logs[0], "a<2>d<1>f$");
  EXPECT_EQ(conversation.sink.logs[1], "");
  EXPECT_EQ(conversation.tracker.counters().memory_used.value(), 0u);
}

TEST(TcpTracker, ASlotsNextFlowBeginsAfresh) {
  Conversation conversation({});
  conversation.open();
  conversation.send(c(0, "abc"));
  conversation.tracker.end(conversation.flow, conversation.sink);
  conversation.flow.id = 2;
  conversation.sink = {};
  conversation.open();
  conversation.send(c(0, "xyz"));
  EXPECT_EQ(conversation.sink.logs[0], "xyz");
}

TEST(TcpTracker, StopGivesMemoryBackAndDeliversNoMore) {
  Conversation conversation({});
  conversation.open();
  conversation.send(c(0, "abc"));
  EXPECT_GT(conversation.tracker.counters().memory_used.value(), 0u);
  conversation.tracker.stop(conversation.flow, Side::client);
  EXPECT_EQ(conversation.tracker.counters().memory_used.value(), 0u);
  EXPECT_FALSE(conversation.tracker.depth_reached(conversation.flow));
  conversation.send(c(3, "def"));
  conversation.send(s(0, "x").acks(6));
  EXPECT_EQ(conversation.sink.logs[0], "abc");
  EXPECT_EQ(conversation.sink.logs[1], "x");
  conversation.tracker.stop(conversation.flow, Side::server);
  EXPECT_TRUE(conversation.tracker.depth_reached(conversation.flow));
}

TEST(TcpTracker, DepthIsReachedWhenNothingDeliveredCanBeReplaced) {
  Conversation conversation({.depth = 4});
  conversation.open();
  conversation.send(c(0, "abcdef"));
  conversation.send(s(0, "uvwxyz"));
  EXPECT_EQ(conversation.tracker.counters().depth_reached.value(), 2u);
  EXPECT_FALSE(conversation.tracker.depth_reached(conversation.flow));
  conversation.send(s(6).acks(6));
  conversation.send(c(6).acks(3));
  EXPECT_FALSE(conversation.tracker.depth_reached(conversation.flow));
  conversation.send(c(6).acks(6));
  EXPECT_TRUE(conversation.tracker.depth_reached(conversation.flow));
  EXPECT_EQ(conversation.tracker.counters().memory_used.value(), 0u);
}

TEST(TcpTracker, AClosedSideNeedsNoDepth) {
  Conversation conversation({.depth = 4});
  conversation.open();
  conversation.send(c(0, "ab").fin());
  conversation.send(s(0, "uvwxyz").acks(3));
  conversation.send(c(3).acks(6));
  EXPECT_TRUE(conversation.tracker.depth_reached(conversation.flow));
}

TEST(TcpTracker, ASideThatIsLetGoMayGoByUnseen) {
  Conversation conversation({.window = 64, .depth = 4});
  conversation.open();
  conversation.send(s(0, "uvwxyz"));
  EXPECT_FALSE(conversation.tracker.depth_reached(conversation.flow, Side::server)) << "not acknowledged yet";
  conversation.send(c(0).acks(6));
  EXPECT_TRUE(conversation.tracker.depth_reached(conversation.flow, Side::server));
  EXPECT_FALSE(conversation.tracker.depth_reached(conversation.flow, Side::client));
  conversation.tracker.let_go(conversation.flow, Side::server);
  EXPECT_TRUE(conversation.tracker.is_let_go(conversation.flow, Side::server));
  EXPECT_FALSE(conversation.tracker.is_let_go(conversation.flow, Side::client));
  // What the client acknowledges was not seen, however much it is; what it says is delivered as before.
  EXPECT_EQ(conversation.send(c(0, "ab").acks(100'000'000)), Outcome::accept);
  EXPECT_EQ(conversation.send(c(2, "c").acks(2'000'000'000)), Outcome::accept);
  EXPECT_EQ(conversation.send(c(3, "d").acks(3'900'000'000U)), Outcome::accept);
  EXPECT_EQ(conversation.sink.logs[0], "ab|c|d$");
  // Nor were the acknowledgements of its own bytes: its first copy still wins.
  EXPECT_EQ(conversation.send(c(0, "xb").acks(3'900'000'000U)), Outcome::refuse);
}

TEST(TcpTracker, AFlowOfASideThatIsLetGoStillCloses) {
  Conversation conversation({.depth = 4});
  conversation.open();
  conversation.send(s(0, "uvwxyz"));
  conversation.send(c(0).acks(6));
  conversation.tracker.let_go(conversation.flow, Side::server);
  conversation.send(c(0).fin().acks(1000));
  EXPECT_EQ(conversation.flow.phase, Phase::closing);
  conversation.send(s(1000).fin().acks(1));
  conversation.send(c(1).acks(1001));
  EXPECT_EQ(conversation.flow.phase, Phase::closed);
}

TEST(TcpTracker, APassedDepthGoesOnBeyondTheWrap) {
  const std::string text = text_of(60000);
  Conversation conversation({.depth = 100});
  conversation.open();
  std::int64_t sent = 0;
  while (sent < std::int64_t{5} << 30U) {
    ASSERT_EQ(conversation.send(c(sent, text)), Outcome::accept);
    sent += static_cast<std::int64_t>(text.size());
    ASSERT_EQ(conversation.send(s(0).acks(sent)), Outcome::accept);
  }
  EXPECT_EQ(conversation.send(c(sent).rst()), Outcome::accept);
  EXPECT_EQ(conversation.flow.phase, Phase::closed);
}

TEST(TcpTracker, HolesOfOneFlowLeaveMemoryForOthersInOrder) {
  const std::string text = text_of(3000);
  std::size_t refused = 0;
  std::array<std::uint64_t, 40> ids{};
  Conversation greedy({.memory = 65536, .window = 16384}, 64);
  for (std::uint32_t slot = 0; slot < ids.size(); ++slot) {
    greedy.flow = {.id = slot + 1, .slot = slot};
    greedy.open();
    if (greedy.send(piece(text, 10, 2990)) == Outcome::refuse) ++refused;
  }
  EXPECT_GT(refused, 0u);
  EXPECT_LE(greedy.tracker.counters().memory_used.value(), 49152u);
  greedy.flow = {.id = 100, .slot = 60};
  greedy.sink = {};
  greedy.open();
  EXPECT_EQ(greedy.send(piece(text, 0, 3000)), Outcome::accept);
  EXPECT_EQ(greedy.sink.texts[0], text);
}

TEST(TcpTracker, HistoriesGiveWayBeforeAnythingIsRefused) {
  constexpr std::uint32_t kFlows = 200;
  const std::string text = text_of(8000);
  Conversation crowd({.memory = 512 * 2 * kFlows}, kFlows);
  for (std::uint32_t slot = 0; slot < kFlows; ++slot) {
    crowd.flow = {.id = slot + 1, .slot = slot};
    crowd.sink = {};
    crowd.open();
    for (std::size_t at = 0; at < text.size(); at += 1000) {
      ASSERT_EQ(crowd.send(piece(text, at, 1000)), Outcome::accept) << slot;
      crowd.send(s(0).acks(static_cast<std::int64_t>(at) + 1000));
    }
    EXPECT_EQ(crowd.sink.texts[0], text);
    EXPECT_GE(crowd.sink.largest_history, 512u);
  }
  EXPECT_GT(crowd.tracker.counters().history_cut.value(), 0u);
  EXPECT_EQ(crowd.tracker.counters().memory_limit.value(), 0u);
}

TEST(TcpTracker, AllocatesNothing) {
  std::mt19937 random(3);
  const std::string text = text_of(200'000);
  Conversation conversation({.max_ranges = 512});
  const std::vector<TestSegment> segments = shuffled(text, 6, random);
  for (std::string& kept : conversation.sink.texts) kept.reserve(400'000);
  for (std::string& log : conversation.sink.logs) log.reserve(400'000);
  const AllocationCounter allocations;
  conversation.open();
  for (const TestSegment& segment : segments) conversation.send(segment);
  conversation.tracker.end(conversation.flow, conversation.sink);
  EXPECT_EQ(allocations.count(), 0u);
  EXPECT_GT(conversation.tracker.counters().out_of_order.value(), 0u);
}

TEST(TcpTracker, CountsWhatItSees) {
  Conversation conversation({});
  conversation.open();
  for (const TestSegment& segment : {c(0, "ab"), c(0, "ab"), c(0, "aX"), c(4, "e"), s(0).acks(5), c(5, "f")})
    conversation.send(segment);
  const StreamCounters& counters = conversation.tracker.counters();
  EXPECT_EQ(counters.sessions.value(), 1u);
  EXPECT_EQ(counters.midstream.value(), 0u);
  EXPECT_EQ(counters.delivered_bytes.value(), 4u);
  EXPECT_EQ(counters.retransmitted.value(), 2u);
  EXPECT_EQ(counters.conflicts.value(), 1u);
  EXPECT_EQ(counters.out_of_order.value(), 1u);
  EXPECT_EQ(counters.gaps.value(), 1u);
}

}  // namespace
}  // namespace bansoko::flow
