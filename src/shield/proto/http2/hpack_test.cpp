// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "shield/proto/http2/hpack_decoder.h"
#include "shield/proto/http2/test_frames.h"
#include "tests/cases.h"

namespace bansoko::proto::http2 {
namespace {

constexpr FieldLimits kLarge{.text = 65536, .part = 16384, .count = 1024};

std::string from_hex(std::string_view hex) {
  std::string bytes;
  std::string digits;
  for (const char c : hex) {
    if (c == ' ') continue;
    digits += c;
    if (digits.size() < 2) continue;
    bytes += static_cast<char>(std::stoi(digits, nullptr, 16));
    digits.clear();
  }
  return bytes;
}

struct Case {
  std::string name;
  std::vector<std::string> blocks;
  std::vector<std::string> text;  // of each block
  HpackFaults faults = {};        // of the last block
  FieldList::Losses losses = {};
  FieldLimits limits = kLarge;
};

class Hpack : public testing::TestWithParam<Case> {
 protected:
  static void run(std::size_t piece) {
    MemoryBudget budget(1 << 20);
    HpackDecoder decoder(budget, 65536);
    decoder.reset();
    FieldList fields(budget);
    for (std::size_t i = 0; i < GetParam().blocks.size(); ++i) {
      fields.clear();
      decoder.begin_block();
      Bytes rest = as_bytes(GetParam().blocks[i]);
      while (!rest.empty()) {
        const Bytes now = rest.first(std::min(piece, rest.size()));
        decoder.read(now, fields, GetParam().limits);
        rest = rest.subspan(now.size());
      }
      decoder.end_block(fields);
      EXPECT_EQ(fields.text(), GetParam().text[i]) << "block " << i;
    }
    EXPECT_EQ(decoder.faults(), GetParam().faults);
    EXPECT_EQ(fields.losses(), GetParam().losses);
  }
};

TEST_P(Hpack, Whole) { run(SIZE_MAX); }
TEST_P(Hpack, ByteByByte) { run(1); }

const std::string kGetStart = ":method: GET\r\n:scheme: http\r\n:path: /\r\n:authority: www.example.com\r\n";
const std::string kGetSecond = kGetStart + "cache-control: no-cache\r\n";
const std::string kGetThird =
    ":method: GET\r\n:scheme: https\r\n:path: /index.html\r\n:authority: www.example.com\r\ncustom-key: "
    "custom-value\r\n";
const std::string kDate = "cache-control: private\r\ndate: Mon, 21 Oct 2013 20:13:21 GMT\r\n";
const std::string kPlace = "location: https://www.example.com\r\n";
const std::string kFound = ":status: 302\r\n" + kDate + kPlace;
const std::string kMoved = ":status: 307\r\n" + kDate + kPlace;
const std::string kLast =
    ":status: 200\r\ncache-control: private\r\ndate: Mon, 21 Oct 2013 20:13:22 GMT\r\n" + kPlace +
    "content-encoding: gzip\r\nset-cookie: foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1\r\n";

INSTANTIATE_TEST_SUITE_P(
    Rfc7541, Hpack,
    testing::Values(
        Case{"C21LiteralWithIndexing",
             {from_hex("400a 6375 7374 6f6d 2d6b 6579 0d63 7573 746f 6d2d 6865 6164 6572")},
             {"custom-key: custom-header\r\n"}},
        Case{"C22LiteralWithoutIndexing",
             {from_hex("040c 2f73 616d 706c 652f 7061 7468")},
             {":path: /sample/path\r\n"}},
        Case{"C23NeverIndexed",
             {from_hex("1008 7061 7373 776f 7264 0673 6563 7265 74")},
             {"password: secret\r\n"}},
        Case{"C24Indexed", {from_hex("82")}, {":method: GET\r\n"}},
        Case{"C3Requests",
             {from_hex("8286 8441 0f77 7777 2e65 7861 6d70 6c65 2e63 6f6d"),
              from_hex("8286 84be 5808 6e6f 2d63 6163 6865"),
              from_hex("8287 85bf 400a 6375 7374 6f6d 2d6b 6579 0c63 7573 746f 6d2d 7661 6c75 65")},
             {kGetStart, kGetSecond, kGetThird}},
        Case{"C4RequestsHuffman",
             {from_hex("8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff"),
              from_hex("8286 84be 5886 a8eb 1064 9cbf"),
              from_hex("8287 85bf 4088 25a8 49e9 5ba9 7d7f 8925 a849 e95b b8e8 b4bf")},
             {kGetStart, kGetSecond, kGetThird}},
        Case{"C5Responses",
             {size_update(256) +
                  from_hex(
                      "4803 3330 3258 0770 7269 7661 7465 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133 2032 "
                      "303a "
                      "3133 3a32 3120 474d 546e 1768 7474 7073 3a2f 2f77 7777 2e65 7861 6d70 6c65 2e63 6f6d"),
              from_hex("4803 3330 37c1 c0bf"),
              from_hex("88c1 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133 2032 303a 3133 3a32 3220 474d 54c0 "
                       "5a04 677a "
                       "6970 7738 666f 6f3d 4153 444a 4b48 514b 425a 584f 5157 454f 5049 5541 5851 5745 4f49 "
                       "553b 206d "
                       "6178 2d61 6765 3d33 3630 303b 2076 6572 7369 6f6e 3d31")},
             {kFound, kMoved, kLast}},
        Case{"C6ResponsesHuffman",
             {size_update(256) + from_hex("4882 6402 5885 aec3 771a 4b61 96d0 7abe 9410 54d4 44a8 2005 9504 "
                                          "0b81 66e0 82a6 2d1b ff6e "
                                          "919d 29ad 1718 63c7 8f0b 97c8 e9ae 82ae 43d3"),
              from_hex("4883 640e ffc1 c0bf"),
              from_hex("88c1 6196 d07a be94 1054 d444 a820 0595 040b 8166 e084 a62d 1bff c05a 839b d9ab 77ad "
                       "94e7 821d "
                       "d7f2 e6c7 b335 dfdf cd5b 3960 d5af 2708 7f36 72c1 ab27 0fb5 291f 9587 3160 65c0 03ed "
                       "4ee5 b106 "
                       "3d50 07")},
             {kFound, kMoved, kLast}}),
    by_name);

INSTANTIATE_TEST_SUITE_P(
    Wrong, Hpack,
    testing::Values(
        Case{"IndexZero", {from_hex("8082")}, {":method: GET\r\n"}, {.index = true}, {.unknown = true}},
        Case{"IndexBeyond", {from_hex("be82")}, {":method: GET\r\n"}, {.index = true}, {.unknown = true}},
        Case{"UnknownNameKeepsItsValue",
             {from_hex("7e01 61")},
             {": a\r\n"},
             {.index = true},
             {.unknown = true}},
        Case{"IntegerOverflow",
             {from_hex("82 ffffffffffffffffff 82")},
             {":method: GET\r\n"},
             {.integer_overflow = true}},
        Case{"PaddingOfZeros", {from_hex("0081 10 81 10")}, {"2: 2\r\n"}, {.huffman = true}},
        Case{"EndSign", {from_hex("0001 61 84 ffff ffff")}, {"a: \r\n"}, {.huffman = true}},
        Case{"EightBitsOfPadding", {from_hex("0001 61 82 1fff")}, {"a: a\r\n"}, {.huffman = true}},
        Case{"CutInName", {from_hex("82 0005 61")}, {":method: GET\r\n"}, {.cut = true}, {.unknown = true}},
        Case{"CutInLength", {from_hex("82 00")}, {":method: GET\r\n"}, {.cut = true}, {.unknown = true}},
        Case{"UpdateBehindField",
             {from_hex("82") + size_update(100)},
             {":method: GET\r\n"},
             {.size_update = true}},
        Case{"UpdateBeyondAllowed",
             {size_update(4097) + from_hex("82")},
             {":method: GET\r\n"},
             {.size_update = true}},
        Case{"UpdateToNothing",
             {added("a", "b"), size_update(0) + from_hex("be")},
             {"a: b\r\n", ""},
             {.index = true},
             {.unknown = true}},
        Case{"LargerThanTable",
             {size_update(40) + added("a", "b"), added("name", "value value"), from_hex("be")},
             {"a: b\r\n", "name: value value\r\n", ""},
             {.index = true},
             {.unknown = true}}),
    by_name);

const FieldLimits kSmall{.text = 64, .part = 16, .count = 3};

INSTANTIATE_TEST_SUITE_P(
    Limits, Hpack,
    testing::Values(Case{"PartAtLimit",
                         {literal("a", std::string(16, 'v'))},
                         {"a: " + std::string(16, 'v') + "\r\n"},
                         {},
                         {},
                         kSmall},
                    Case{"PartBeyond",
                         {literal("a", std::string(17, 'v'))},
                         {"a: " + std::string(16, 'v') + "\r\n"},
                         {},
                         {.part_limit = true},
                         kSmall},
                    Case{"CountBeyond",
                         {from_hex("82828282")},
                         {":method: GET\r\n:method: GET\r\n:method: GET\r\n"},
                         {},
                         {.count_limit = true},
                         kSmall},
                    Case{"TextBeyond",
                         {literal("a", std::string(16, 'v')) + literal("b", std::string(16, 'v')) +
                          literal("c", std::string(16, 'v'))},
                         {"a: " + std::string(16, 'v') + "\r\nb: " + std::string(16, 'v') + "\r\n"},
                         {},
                         {.text_limit = true},
                         {.text = 62, .part = 16, .count = 3}},
                    Case{"WhatIsLeftOutIsInTheTable",
                         {from_hex("828282") + added("a", "b"), from_hex("be")},
                         {":method: GET\r\n:method: GET\r\n:method: GET\r\n", "a: b\r\n"},
                         {},
                         {},
                         kSmall},
                    Case{"Bomb",
                         {added("a", std::string(100, 'v')) + std::string(100, '\xbe')},
                         {"a: " + std::string(16, 'v') + "\r\na: " + std::string(16, 'v') +
                          "\r\na: " + std::string(16, 'v') + "\r\n"},
                         {.too_long = true},
                         {.part_limit = true, .text_limit = true, .count_limit = true},
                         {.text = 63, .part = 16, .count = 3}}),
    by_name);

/// As many fields as it takes to go around the ring, of lengths that end anywhere in it.
TEST(HpackTable, KeepsTheNewest) {
  MemoryBudget budget(1 << 20);
  DynamicTable table(budget, 65536);
  table.reset(4096);
  for (std::size_t i = 0; i < 1000; ++i) {
    const std::string name = "n" + std::to_string(i);
    const std::string value(i % 97, static_cast<char>('a' + i % 26));
    table.add(name, value, name.size() + value.size());
    for (std::size_t back = 0; back < std::min<std::size_t>(i + 1, 10); ++back) {
      const auto [first, second] = table.name(back);
      ASSERT_EQ(std::string(first) + std::string(second), "n" + std::to_string(i - back));
      const auto value_of = table.value(back);
      ASSERT_EQ(std::string(value_of.first) + std::string(value_of.second),
                std::string((i - back) % 97, static_cast<char>('a' + (i - back) % 26)));
    }
    ASSERT_LE(table.size(), 4096U);
  }
  EXPECT_FALSE(table.is_partial());
}

struct PartialCase {
  std::string name;
  std::size_t most;
  std::size_t memory;
  bool is_partial;
};

class HpackLargeTable : public testing::TestWithParam<PartialCase> {};

TEST_P(HpackLargeTable, KnowsTheNewest) {
  MemoryBudget budget(GetParam().memory);
  {
    DynamicTable table(budget, GetParam().most);
    table.reset(4096);
    table.add("first", "one", 8);
    table.resize(65536);
    for (std::size_t i = 0; i < 200; ++i) table.add("n", std::string(200, 'v'), 201);
    EXPECT_TRUE(table.has(0));
    EXPECT_EQ(table.is_partial(), GetParam().is_partial);
    EXPECT_EQ(table.has(200), !GetParam().is_partial);
    table.add("n", std::string(5000, 'v'), 5001);
    EXPECT_EQ(table.has(0), !GetParam().is_partial);
    table.add("last", "", 4);
    EXPECT_EQ(table.name(0).first, "last");
    table.reset(4096);
  }
  EXPECT_EQ(budget.used(), 0U);
}

INSTANTIATE_TEST_SUITE_P(Http2, HpackLargeTable,
                         testing::Values(PartialCase{"Held", 65536, 1 << 20, false},
                                         PartialCase{"OverTheLimit", 4096, 1 << 20, true},
                                         PartialCase{"WithoutMemory", 65536, 1000, true}),
                         by_name);

}  // namespace
}  // namespace bansoko::proto::http2
