// SPDX-License-Identifier: Apache-2.0
#include "shield/engine/evidence_picker.h"

#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "tests/cases.h"

namespace bansoko::engine {
namespace {

/// A packet of one letter: 'a' and 'b' are flows, '-' has none; upper case: a rule speaks about it. '/' ends
/// flow a.
struct Case {
  std::string_view name;
  std::string_view packets;
  std::uint32_t max_packets;
  std::string_view kept;   // the letters kept
  std::string_view first;  // for each, the place of the packet that its evidence began with
  std::size_t recent_memory = 0;
};

class Picker : public testing::TestWithParam<Case> {};

TEST_P(Picker, Keeps) {
  PacketRing ring(1U << 16U);
  EvidencePicker picker(&ring, 4, GetParam().max_packets, GetParam().recent_memory);
  std::array<flow::Flow, 2> flows{flow::Flow{.id = 10, .slot = 0}, flow::Flow{.id = 11, .slot = 3}};
  std::uint64_t number = 0;
  for (const char letter : GetParam().packets) {
    const std::uint64_t at = number++;
    if (letter == '/') {
      picker.forget(flows[0]);
      continue;
    }
    const auto byte = static_cast<std::uint8_t>(letter);
    packet::Packet packet;
    packet.ip = Bytes(&byte, 1);
    const char kind = static_cast<char>(letter | 0x20);
    const bool speaks = letter == 'A' || letter == 'B' || letter == '!';
    const flow::Flow* const flow = kind == 'a' ? &flows[0] : kind == 'b' ? &flows[1] : nullptr;
    picker.see(packet, 0, flow, {}, speaks ? std::optional(at) : std::nullopt);
    if (speaks && GetParam().max_packets != 0) {
      EXPECT_TRUE(picker.of(flow).any) << at;
    }
  }
  std::string kept;
  std::string first;
  KeptPacket packet;
  std::vector<std::uint8_t> bytes;
  while (ring.take(packet, bytes)) {
    kept += static_cast<char>(bytes.at(0));
    first += std::to_string(packet.evidence.record);
  }
  EXPECT_EQ(kept, GetParam().kept);
  EXPECT_EQ(first, GetParam().first);
  EXPECT_EQ(picker.lost(), 0U);
}

INSTANTIATE_TEST_SUITE_P(Evidence, Picker,
                         testing::Values(Case{"Nothing", "ab-a", 4, "", ""}, Case{"One", "aA", 4, "A", "1"},
                                         Case{"FollowedByItsFlow", "aAaba", 4, "Aaa", "111"},
                                         Case{"SecondHitIsInTheSameFile", "AaA", 4, "AaA", "000"},
                                         Case{"NoMoreThanTheLimit", "Aaaaa", 2, "Aa", "00"},
                                         Case{"OnlyTheFirst", "AaA", 1, "A", "0"},
                                         Case{"HitsAfterTheLimit", "AaA", 2, "Aa", "00"},
                                         Case{"FlowsApart", "ABab", 4, "ABab", "0101"},
                                         Case{"WithoutFlow", "!-!", 4, "!!", "02"},
                                         Case{"SlotUsedAgain", "Aa/aA", 4, "AaA", "004"},
                                         Case{"WhatCameBefore", "abaAaa", 6, "aaAaa", "33333", 1024},
                                         Case{"HalfIsForWhatComes", "aaaaAaaaa", 4, "aaAa", "4444", 1024},
                                         Case{"BeforeOnlyOfItsFlow", "abaB", 4, "bB", "33", 1024},
                                         Case{"BeforeAsFarAsMemoryGoes", "abbbA", 8, "A", "4", 3},
                                         Case{"NothingBeforeWithoutFlow", "--!", 4, "!", "2", 1024}),
                         by_name);

TEST(EvidencePicker, WithoutRingKeepsNothing) {
  EvidencePicker picker(nullptr, 4, 16, 1024);
  const flow::Flow flow;
  picker.see({}, 0, &flow, {}, 1);
  EXPECT_FALSE(picker.of(&flow).any);
  picker.forget(flow);
}

TEST(EvidencePicker, FullRingIsCountedAndTheNextHitTriesAgain) {
  PacketRing ring(256);
  EvidencePicker picker(&ring, 4, 16, 0);
  const flow::Flow flow{.id = 1};
  const std::vector<std::uint8_t> large(1000);
  packet::Packet packet;
  packet.ip = large;
  picker.see(packet, 0, &flow, {}, 1);
  EXPECT_EQ(picker.lost(), 1U);
  EXPECT_FALSE(picker.of(&flow).any);
  packet.ip = Bytes(large).first(10);
  picker.see(packet, 5, &flow, {}, 2);
  EXPECT_TRUE(picker.of(&flow).any);
  KeptPacket kept;
  std::vector<std::uint8_t> bytes;
  ASSERT_TRUE(ring.take(kept, bytes));
  EXPECT_EQ(kept.evidence.record, 2U);
  EXPECT_EQ(kept.wire_size, 15U);
}

}  // namespace
}  // namespace bansoko::engine
