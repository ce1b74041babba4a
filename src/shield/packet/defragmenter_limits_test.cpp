// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <gtest/gtest.h>

#include "shield/packet/defragmenter_case.h"
#include "tests/allocations.h"

namespace bansoko::packet {
namespace {

struct TimeCase {
  std::string_view name;
  const IpFields& ip;
  std::chrono::seconds second;
  bool expire;
  char outcome;
  bool anomaly;
};

class DefragmenterTimes : public testing::TestWithParam<TimeCase> {};

TEST_P(DefragmenterTimes, SecondHalf) {
  const TimeCase& row = GetParam();
  const Octets whole = udp_datagram(row.ip, {}, text(32));
  Defragmenter defragmenter({}, {});
  add(defragmenter, fragment(row.ip, udp, whole, 0, 16), 100s);
  if (row.expire) defragmenter.expire(100s + row.second);
  Packet packet;
  EXPECT_EQ(letter_of(add(defragmenter, fragment(row.ip, udp, whole, 16, 24), packet, 100s + row.second)),
            row.outcome);
  EXPECT_EQ(packet.anomalies.has(Anomaly::fragment_timeout), row.anomaly);
  EXPECT_EQ(defragmenter.counters().timed_out.value(), row.outcome == 'h' ? 1U : 0U);
}

INSTANTIATE_TEST_SUITE_P(Defragmenter, DefragmenterTimes,
                         testing::Values(TimeCase{"AtTheLimit", kFour, 30s, false, 'c', false},
                                         TimeCase{"AfterIt", kFour, 31s, false, 'h', true},
                                         TimeCase{"AtTheLimitOverSix", kSix, 60s, true, 'c', false},
                                         TimeCase{"AfterItOverSix", kSix, 61s, false, 'h', true},
                                         TimeCase{"AtTheLimitExpired", kFour, 30s, true, 'c', false},
                                         TimeCase{"AfterItExpired", kFour, 31s, true, 'h', false},
                                         TimeCase{"ClockGoesBack", kFour, -50s, true, 'c', false}),
                         by_name);

TEST(Defragmenter, DatagramLimitRefusesTheNewOne) {
  Defragmenter defragmenter({.max_datagrams = 2}, {});
  const auto first = [](std::uint32_t id) {
    return ip_packet({.id = id, .more_fragments = true}, udp, Octets(16));
  };
  EXPECT_EQ(add(defragmenter, first(1)), Outcome::held);
  EXPECT_EQ(add(defragmenter, first(2)), Outcome::held);
  Packet packet;
  EXPECT_EQ(add(defragmenter, first(3), packet), Outcome::refused);
  EXPECT_TRUE(packet.anomalies.has(Anomaly::fragment_limit));
  EXPECT_EQ(defragmenter.counters().limit_reached.value(), 1U);
  EXPECT_EQ(add(defragmenter, ip_packet({.id = 1, .fragment_offset = 16}, udp, Octets(8))),
            Outcome::completed);
  EXPECT_EQ(add(defragmenter, first(3)), Outcome::held) << "the completed one gave its place back";
  EXPECT_EQ(add(defragmenter, first(4), 31s), Outcome::held) << "so did what is too old";
}

TEST(Defragmenter, FragmentLimitRefusesTheDatagram) {
  Defragmenter defragmenter({.max_fragments = 3}, {});
  const auto piece = [](std::uint32_t n) {
    return ip_packet({.id = 1, .more_fragments = true, .fragment_offset = n * 16}, udp, Octets(8));
  };
  for (const std::uint32_t n : {0U, 1U, 2U, 2U}) EXPECT_EQ(add(defragmenter, piece(n)), Outcome::held);
  Packet packet;
  EXPECT_EQ(add(defragmenter, piece(3), packet), Outcome::refused);
  EXPECT_TRUE(packet.anomalies.has(Anomaly::fragment_limit));
  EXPECT_EQ(add(defragmenter, piece(0)), Outcome::refused);
}

TEST(Defragmenter, MemoryLimitRefusesAndGivesBack) {
  Defragmenter defragmenter({.memory = 4096}, {});
  const auto first = [](std::uint32_t id, std::size_t size) {
    return ip_packet({.id = id, .more_fragments = true}, udp, Octets(size));
  };
  EXPECT_EQ(add(defragmenter, first(1, 4096)), Outcome::held);
  Packet packet;
  EXPECT_EQ(add(defragmenter, first(2, 8), packet), Outcome::refused);
  EXPECT_TRUE(packet.anomalies.has(Anomaly::fragment_limit));
  defragmenter.expire(31s);
  EXPECT_EQ(add(defragmenter, first(3, 4096), 31s), Outcome::held);
}

TEST(Defragmenter, AllocatesNothingOnceBuilt) {
  const Octets whole = udp_datagram(kSix, {}, text(20000));
  const std::vector<Octets> pieces = fragments(kSix, udp, whole, 1480);
  Defragmenter defragmenter({.max_datagrams = 4}, {});
  const AllocationCounter allocations;
  for (int round = 0; round < 3; ++round)
    for (const Octets& piece : pieces) add(defragmenter, piece);
  for (std::uint32_t id = 0; id < 8; ++id) {
    Packet packet;
    packet.ip_version = 4;
    packet.is_fragment = packet.more_fragments = true;
    packet.fragment_id = id;
    packet.ip = Bytes(whole).first(1500);
    packet.payload = packet.ip.subspan(20, 1480);
    defragmenter.add(packet);
  }
  defragmenter.expire(1h);
  EXPECT_EQ(allocations.count(), 0U);
  EXPECT_EQ(defragmenter.counters().completed.value(), 3U);
  EXPECT_GT(defragmenter.counters().limit_reached.value(), 0U);
}

}  // namespace
}  // namespace bansoko::packet
