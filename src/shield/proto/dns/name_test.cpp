// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/dns/name.h"

#include <array>
#include <string>

#include <gtest/gtest.h>

#include "shield/proto/dns/test_message.h"
#include "tests/cases.h"

namespace bansoko::proto::dns {
namespace {
using namespace std::string_literals;
using wire::name;
using wire::pointer;

std::string labels(std::size_t count, std::size_t size) {
  std::string all;
  for (std::size_t i = 0; i < count; ++i) all += static_cast<char>(size) + std::string(size, 'a');
  return all;
}

struct Case {
  std::string name;
  std::string message;
  std::size_t start = 0;
  std::string text = {};
  std::size_t end = 0;
  AnomalyBits anomalies = 0;
  bool is_broken = false;
};

class DnsName : public testing::TestWithParam<Case> {};

TEST_P(DnsName, Walks) {
  const Case& row = GetParam();
  std::array<std::uint8_t, kLongestName> text{};
  const NameWalk walk = walk_name(as_bytes(row.message), row.start, text);
  EXPECT_EQ(walk.anomalies, row.anomalies);
  EXPECT_EQ(walk.is_broken, row.is_broken);
  if (row.is_broken) return;
  EXPECT_EQ(as_text(Bytes(text).first(walk.length)), row.text);
  EXPECT_EQ(walk.end, row.end);
  EXPECT_EQ(walk_name(as_bytes(row.message), row.start).length, walk.length) << "without text";
}

INSTANTIATE_TEST_SUITE_P(
    Plain, DnsName,
    testing::Values(Case{"Root", "\0"s, 0, "", 1}, Case{"OneLabel", name("test"), 0, "test", 6},
                    Case{"Several", name("www.example.test"), 0, "www.example.test", 18},
                    Case{"CaseAsSent", name("WwW.Example.TEST"), 0, "WwW.Example.TEST", 18},
                    Case{"DotAndZeroWithinALabel", "\4a.b\0\0"s, 0, "a.b\0"s, 6},
                    Case{"LongestLabel", labels(1, 63) + '\0', 0, std::string(63, 'a'), 65},
                    Case{"InTheMiddle", "xx" + name("a.b") + "yy", 2, "a.b", 7}),
    by_name);

INSTANTIATE_TEST_SUITE_P(
    Compressed, DnsName,
    testing::Values(Case{"Pointer", name("a.b") + pointer(0), 5, "a.b", 7},
                    Case{"IntoTheMiddle", name("a.b") + pointer(2), 5, "b", 7},
                    Case{"LabelThenPointer", name("a.b") + "\1c" + pointer(0), 5, "c.a.b", 9},
                    Case{"PointerToPointer", name("a.b") + pointer(0) + pointer(5), 7, "a.b", 9},
                    Case{"Forward", pointer(2) + name("a.b"), 0, "a.b", 2}),
    by_name);

INSTANTIATE_TEST_SUITE_P(
    Odd, DnsName,
    testing::Values(Case{"ToItself", pointer(0), 0, "", 0, bit(infinite_loop), true},
                    Case{"ToOneToItself", pointer(2) + pointer(2), 0, "", 2, bit(infinite_loop)},
                    Case{"Circle", pointer(2) + pointer(0), 0, "", 2,
                         bit(too_many_labels) | bit(name_too_long)},
                    Case{"CircleWithLabel", "\1a" + pointer(0), 0,
                         [] {
                           std::string text = "a";
                           while (text.size() < 255) text += ".a";
                           return text;
                         }(),
                         4, bit(too_many_labels) | bit(name_too_long)},
                    Case{"AsLongAsMayBe", labels(16, 63) + '\0', 0,
                         [] {
                           std::string text(63, 'a');
                           for (int i = 1; i < 16; ++i) text += '.' + std::string(63, 'a');
                           return text;
                         }(),
                         16 * 64 + 1},
                    Case{"TooLong", labels(17, 63) + '\0', 0,
                         [] {
                           std::string text(63, 'a');
                           for (int i = 1; i < 17; ++i) text += '.' + std::string(63, 'a');
                           return text.substr(0, kLongestName);
                         }(),
                         17 * 64 + 1, bit(name_too_long)},
                    Case{"MostLabels", labels(255, 1) + '\0', 0,
                         [] {
                           std::string text = "a";
                           for (int i = 1; i < 255; ++i) text += ".a";
                           return text;
                         }(),
                         511},
                    Case{"TooManyLabels", labels(256, 1) + '\0', 0, "", 0, bit(too_many_labels), true}),
    by_name);

INSTANTIATE_TEST_SUITE_P(Broken, DnsName,
                         testing::Values(Case{"Nothing", "", 0, "", 0, bit(truncated), true},
                                         Case{"StartOutside", "\0"s, 7, "", 0, bit(truncated), true},
                                         Case{"NoEnd", "\1a", 0, "", 0, bit(truncated), true},
                                         Case{"LabelCut", "\4abc", 0, "", 0, bit(truncated), true},
                                         Case{"PointerCut", "\xC0", 0, "", 0, bit(truncated), true},
                                         Case{"PointerOutside", pointer(2), 0, "", 0, bit(truncated), true},
                                         Case{"LabelType01", "\x40", 0, "", 0, bit(label_type), true},
                                         Case{"LabelType10", "\x80", 0, "", 0, bit(label_type), true}),
                         by_name);

TEST(DnsNameText, WritesNoMoreThanFits) {
  const std::string message = name("example.test");
  std::array<std::uint8_t, 5> text{};
  const NameWalk walk = walk_name(as_bytes(message), 0, std::span(text).first(4));
  EXPECT_EQ(walk.length, 12);
  EXPECT_EQ(as_text(text), "exam\0"s);
}

}  // namespace
}  // namespace bansoko::proto::dns
