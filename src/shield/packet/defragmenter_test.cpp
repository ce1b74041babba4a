// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "shield/packet/defragmenter_case.h"

namespace bansoko::packet {
namespace {

/// A fragment in units of 8 bytes; `spoilt` ones differ from the datagram in every byte.
struct Piece {
  std::size_t offset;
  std::size_t size;
  bool spoilt = false;
};

struct OrderCase {
  std::string_view name;
  std::vector<Piece> pieces;
  std::string_view outcomes_v4;
  std::string_view outcomes_v6;
};

class Defragments : public testing::TestWithParam<OrderCase> {};

/// A UDP datagram of 40 bytes, five units: 8 of header, 32 of data.
std::string outcomes(const IpFields& ip, const std::vector<Piece>& pieces) {
  const std::string data = text(32);
  const Octets whole = udp_datagram(ip, {}, data);
  Defragmenter defragmenter({}, {});
  std::string got;
  for (const Piece& piece : pieces) {
    Octets bytes = fragment(ip, udp, whole, piece.offset * 8, piece.size * 8);
    if (piece.spoilt)
      std::for_each(bytes.end() - static_cast<int>(piece.size * 8), bytes.end(), [](auto& b) { b ^= 0xff; });
    Packet packet;
    const Outcome outcome = add(defragmenter, bytes, packet);
    got += letter_of(outcome);
    if (outcome != Outcome::completed) continue;
    EXPECT_EQ(as_text(packet.payload), data);
    EXPECT_TRUE(packet.rebuilt && packet.is_udp() && !packet.is_fragment && !packet.checksum_bad);
    EXPECT_TRUE(packet.anomalies.empty());
    EXPECT_EQ(packet.ip.size(), (ip.source.is_v4() ? 20U : 40U) + 40U);
  }
  return got;
}

TEST_P(Defragments, InOrderOfArrival) {
  EXPECT_EQ(outcomes(kFour, GetParam().pieces), GetParam().outcomes_v4);
  EXPECT_EQ(outcomes(kSix, GetParam().pieces), GetParam().outcomes_v6);
}

INSTANTIATE_TEST_SUITE_P(
    Defragmenter, Defragments,
    testing::Values(OrderCase{"InOrder", {{0, 2}, {2, 2}, {4, 1}}, "hhc", "hhc"},
                    OrderCase{"Reverse", {{4, 1}, {2, 2}, {0, 2}}, "hhc", "hhc"},
                    OrderCase{"MiddleLast", {{0, 2}, {4, 1}, {2, 2}}, "hhc", "hhc"},
                    OrderCase{"EachUnitAlone", {{3, 1}, {1, 1}, {4, 1}, {0, 1}, {2, 1}}, "hhhhc", "hhhhc"},
                    OrderCase{"MissingFirst", {{2, 2}, {4, 1}}, "hh", "hh"},
                    OrderCase{"MissingMiddle", {{0, 2}, {4, 1}}, "hh", "hh"},
                    OrderCase{"MissingLast", {{0, 2}, {2, 2}}, "hh", "hh"},
                    OrderCase{"ExactDuplicate", {{0, 2}, {0, 2}, {2, 2}, {2, 2}, {4, 1}}, "hhhhc", "hhhhc"},
                    OrderCase{"DuplicateThatDiffers", {{0, 2}, {0, 2, true}, {2, 2}, {4, 1}}, "hrrr", "hrrr"},
                    OrderCase{"OverlapWithSameBytes", {{0, 3}, {2, 2}, {4, 1}}, "hhc", "hrr"},
                    OrderCase{"OverlapInFront", {{2, 2}, {0, 3}, {4, 1}}, "hhc", "hrr"},
                    OrderCase{"InsideAnother", {{0, 4}, {1, 1}, {4, 1}}, "hhc", "hrr"},
                    OrderCase{"AroundOthers", {{1, 1}, {3, 1}, {0, 4}, {4, 1}}, "hhhc", "hhrr"},
                    OrderCase{"OverlapWithOtherBytes", {{0, 3}, {2, 2, true}, {4, 1}}, "hrr", "hrr"},
                    OrderCase{"OverlapOfTheLast", {{4, 1}, {3, 2, true}, {0, 3}}, "hrr", "hrr"},
                    OrderCase{"AgainAfterComplete", {{0, 4}, {4, 1}, {0, 4}, {4, 1}}, "hchc", "hchc"}),
    by_name);

/// One bad fragment after a good first one of 16 bytes (of 40).
struct FaultCase {
  std::string_view name;
  IpFields ip;  // with offset and more_fragments
  std::size_t size;
  Anomaly anomaly;
};

class DefragmenterRefuses : public testing::TestWithParam<FaultCase> {};

TEST_P(DefragmenterRefuses, Fragment) {
  for (const IpFields& base : {kFour, kSix}) {
    IpFields bad = GetParam().ip;
    bad.source = base.source;
    bad.dest = base.dest;
    const Octets whole = udp_datagram(base, {}, text(32));
    Defragmenter defragmenter({}, {});
    ASSERT_EQ(add(defragmenter, fragment(base, udp, whole, 0, 16)), Outcome::held);
    Packet packet;
    const Octets bytes = ip_packet(bad, udp, Octets(GetParam().size, 'x'));
    EXPECT_EQ(add(defragmenter, bytes, packet), Outcome::refused);
    EXPECT_TRUE(packet.anomalies.has(GetParam().anomaly));
    const Octets rest = fragment(base, udp, whole, 16, 24);
    EXPECT_EQ(add(defragmenter, rest, packet), Outcome::refused) << "the datagram is spoilt for good";
    EXPECT_TRUE(packet.anomalies.has(GetParam().anomaly));
    EXPECT_EQ(defragmenter.counters().dropped.value(), 2U);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Defragmenter, DefragmenterRefuses,
    testing::Values(
        FaultCase{"EmptyMiddle",
                  {.id = 7, .more_fragments = true, .fragment_offset = 16},
                  0,
                  Anomaly::fragment_too_small},
        FaultCase{"EmptyLast", {.id = 7, .fragment_offset = 16}, 0, Anomaly::fragment_too_small},
        FaultCase{"SevenInTheMiddle",
                  {.id = 7, .more_fragments = true, .fragment_offset = 16},
                  7,
                  Anomaly::fragment_too_small},
        FaultCase{"NineInTheMiddle",
                  {.id = 7, .more_fragments = true, .fragment_offset = 16},
                  9,
                  Anomaly::fragment_length_mismatch},
        FaultCase{"BeyondLimit", {.id = 7, .fragment_offset = 65528}, 8, Anomaly::fragment_beyond_datagram},
        FaultCase{
            "EndBeforeWhatCame", {.id = 7, .fragment_offset = 8}, 4, Anomaly::fragment_length_mismatch}),
    by_name);

TEST(Defragmenter, EndsMustAgree) {
  Defragmenter defragmenter({}, {});
  ASSERT_EQ(add(defragmenter, ip_packet({.id = 7, .fragment_offset = 16}, udp, Octets(8))), Outcome::held);
  Packet packet;
  EXPECT_EQ(add(defragmenter, ip_packet({.id = 7, .fragment_offset = 24}, udp, Octets(8)), packet),
            Outcome::refused);
  EXPECT_TRUE(packet.anomalies.has(Anomaly::fragment_length_mismatch));
}

TEST(Defragmenter, LargestDatagrams) {
  for (const auto& [ip, data] : {std::pair{kFour, 65535U - 20U - 8U}, std::pair{kSix, 65535U - 8U}}) {
    const Octets whole = udp_datagram(ip, {}, text(data));
    Defragmenter defragmenter({}, {});
    std::string got;
    Packet packet;
    for (const Octets& bytes : fragments(ip, udp, whole, 1480))
      got += letter_of(add(defragmenter, bytes, packet));
    EXPECT_EQ(got, std::string(got.size() - 1, 'h') + 'c');
    EXPECT_EQ(as_text(packet.payload), text(data));
    EXPECT_TRUE(packet.anomalies.empty());
  }
}

TEST(Defragmenter, WholePacketIsLeftAlone) {
  Defragmenter defragmenter({}, {});
  Packet packet;
  const Octets bytes = udp_packet({}, {}, "x");
  EXPECT_EQ(add(defragmenter, bytes, packet), Outcome::whole);
  EXPECT_FALSE(packet.rebuilt);
}

TEST(Defragmenter, ChecksumOfTheWholeIsVerified) {
  const Octets whole = udp_datagram(kFour, {.bad_checksum = true}, text(32));
  Defragmenter defragmenter({}, {});
  Packet packet;
  add(defragmenter, fragment(kFour, udp, whole, 0, 16));
  EXPECT_EQ(add(defragmenter, fragment(kFour, udp, whole, 16, 24), packet), Outcome::completed);
  EXPECT_TRUE(packet.checksum_bad && packet.anomalies.has(Anomaly::udp_checksum));
}

TEST(Defragmenter, HeaderIsTheFirstFragments) {
  IpFields first = kSix;
  first.ttl = 9;
  first.extensions = {traffic::extension(0), traffic::extension(60)};
  const Octets whole = tcp_segment(first, {.flags = ack}, text(40));
  Defragmenter defragmenter({}, {});
  ASSERT_EQ(add(defragmenter, fragment(kSix, udp, whole, 24, 100)),
            Outcome::held);  // its protocol does not count
  Packet packet;
  ASSERT_EQ(add(defragmenter, fragment(first, tcp, whole, 0, 24), packet), Outcome::completed);
  EXPECT_TRUE(packet.is_tcp());
  EXPECT_EQ(packet.ttl, 9);
  EXPECT_EQ(as_text(packet.payload), text(40));
  EXPECT_EQ(packet.ip.size(), 40U + 16U + whole.size());
  EXPECT_TRUE(packet.anomalies.empty());
}

TEST(Defragmenter, FragmentsOfFragmentsAreRefused) {
  const Octets inner = ip_packet({.source = v6(1), .dest = v6(2), .more_fragments = true}, udp, Octets(32));
  const Octets upper(inner.begin() + 40, inner.end());  // the inner fragment header, and data
  Defragmenter defragmenter({}, {});
  add(defragmenter, fragment(kSix, 44, upper, 0, 16));
  EXPECT_EQ(add(defragmenter, fragment(kSix, 44, upper, 16, 24)), Outcome::refused);
}

/// Two halves that differ in one field; do they make one datagram?
struct KeyCase {
  std::string_view name;
  IpFields first;
  std::uint8_t first_protocol;
  IpFields second;
  std::uint8_t second_protocol;
  std::vector<std::uint16_t> first_vlans;
  std::vector<std::uint16_t> second_vlans;
  bool one;
};

class DefragmenterKeys : public testing::TestWithParam<KeyCase> {};

TEST_P(DefragmenterKeys, Halves) {
  const KeyCase& row = GetParam();
  const Octets whole = udp_datagram(row.first, {}, text(32));
  const Octets one =
      ethernet(fragment(row.first, row.first_protocol, whole, 0, 16), {.vlans = row.first_vlans});
  const Octets two =
      ethernet(fragment(row.second, row.second_protocol, whole, 16, 24), {.vlans = row.second_vlans});
  Defragmenter defragmenter({}, {});
  Packet packet = decode({.bytes = one}, 1, {});
  ASSERT_EQ(defragmenter.add(packet), Outcome::held);
  packet = decode({.bytes = two}, 1, {});
  EXPECT_EQ(defragmenter.add(packet), row.one ? Outcome::completed : Outcome::held);
}

INSTANTIATE_TEST_SUITE_P(
    Defragmenter, DefragmenterKeys,
    testing::Values(KeyCase{"Same", kFour, udp, kFour, udp, {}, {}, true},
                    KeyCase{"Id", kFour, udp, {.id = 8}, udp, {}, {}, false},
                    KeyCase{"Source", kFour, udp, {.source = traffic::kServer, .id = 7}, udp, {}, {}, false},
                    KeyCase{"Dest", kFour, udp, {.dest = traffic::kClient, .id = 7}, udp, {}, {}, false},
                    KeyCase{"Protocol", kFour, udp, kFour, tcp, {}, {}, false},
                    KeyCase{"ProtocolOverSix", kSix, udp, kSix, tcp, {}, {}, true},
                    KeyCase{"Vlan", kFour, udp, kFour, udp, {5}, {6}, false},
                    KeyCase{"InnerVlan", kFour, udp, kFour, udp, {5, 1}, {5, 2}, false},
                    KeyCase{"PriorityOnly", kFour, udp, kFour, udp, {5}, {0xe005}, true},
                    KeyCase{"Version", kFour, udp, kSix, udp, {}, {}, false}),
    by_name);

TEST(Defragmenter, WhatItsReceiverThrowsAwayIsNotMixedIn) {
  const Octets whole = udp_datagram(kFour, {}, text(32));
  IpFields bad = kFour;
  bad.bad_checksum = true;
  Defragmenter defragmenter({}, {});
  EXPECT_EQ(add(defragmenter, fragment(bad, udp, Octets(40), 0, 16)), Outcome::refused);
  EXPECT_EQ(add(defragmenter, fragment(kFour, udp, whole, 0, 16)), Outcome::held);
  EXPECT_EQ(add(defragmenter, fragment(kFour, udp, whole, 16, 24)), Outcome::completed);
}

TEST(Defragmenter, RefusedAfterCompletionStaysRefused) {
  const Octets whole = udp_datagram(kFour, {}, text(32));
  const Octets one = fragment(kFour, udp, whole, 0, 16);
  const Octets two = fragment(kFour, udp, whole, 16, 24);
  Defragmenter defragmenter({}, {});
  add(defragmenter, one);
  ASSERT_EQ(add(defragmenter, two), Outcome::completed);
  defragmenter.refuse_completed();
  EXPECT_EQ(add(defragmenter, two, 29s), Outcome::refused);
  EXPECT_EQ(add(defragmenter, two, 31s), Outcome::held) << "its receiver has given up too";
}

// What is wrong with a later fragment itself is told apart from why its datagram was refused.
TEST(Defragmenter, LaterFragmentsInheritTheReason) {
  const std::string data = text(64);
  const Octets whole = udp_datagram(kSix, {}, data);
  Defragmenter defragmenter({}, {});
  Packet packet;
  EXPECT_EQ(add(defragmenter, fragment(kSix, udp, whole, 0, 32), packet), Outcome::held);
  EXPECT_EQ(add(defragmenter, fragment(kSix, udp, whole, 16, 32), packet), Outcome::refused);
  EXPECT_EQ(packet.anomalies, AnomalySet({Anomaly::fragment_overlap}));
  EXPECT_TRUE(packet.inherited.empty());
  EXPECT_EQ(add(defragmenter, fragment(kSix, udp, whole, 48, 8), packet), Outcome::refused);
  EXPECT_EQ(packet.anomalies, AnomalySet({Anomaly::fragment_overlap}));
  EXPECT_EQ(packet.inherited, packet.anomalies);
  EXPECT_EQ(add(defragmenter, fragment(kSix, udp, whole, 48, 9), packet), Outcome::refused);
  EXPECT_EQ(packet.anomalies, AnomalySet({Anomaly::fragment_overlap, Anomaly::fragment_length_mismatch}));
  EXPECT_EQ(packet.inherited, AnomalySet({Anomaly::fragment_overlap}));
}

TEST(Defragmenter, RefusingNothingIsHarmless) {
  Defragmenter defragmenter({}, {});
  defragmenter.refuse_completed();
  const Octets whole = udp_datagram(kFour, {}, text(32));
  EXPECT_EQ(add(defragmenter, fragment(kFour, udp, whole, 0, 16)), Outcome::held);
  defragmenter.refuse_completed();
  EXPECT_EQ(add(defragmenter, fragment(kFour, udp, whole, 16, 24)), Outcome::completed);
  defragmenter.expire(1h);
  defragmenter.refuse_completed();
  EXPECT_EQ(add(defragmenter, fragment(kFour, udp, whole, 16, 24), 1h), Outcome::held);
}

}  // namespace
}  // namespace bansoko::packet
