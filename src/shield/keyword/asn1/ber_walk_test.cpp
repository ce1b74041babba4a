// SPDX-License-Identifier: Apache-2.0
#include "shield/keyword/asn1/ber_walk.h"

#include <string>

#include <gtest/gtest.h>

#include "shield/keyword/rule_harness.h"
#include "tests/cases.h"

namespace bansoko::keyword::asn1 {
namespace {

using namespace std::string_literals;

std::string object(char tag, const std::string& content) {
  std::string length;
  if (content.size() < 0x80) {
    length = static_cast<char>(content.size());
  } else {
    length = "\x82"s + static_cast<char>(content.size() >> 8U) + static_cast<char>(content.size() & 0xffU);
  }
  return tag + length + content;
}

std::string within(std::string inner, int times) {
  for (int i = 0; i < times; ++i) inner = object('\x30', inner);
  return inner;
}

std::string repeated(const std::string& one, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += one;
  return all;
}

const std::string kBits = "\x03\x01\xff"s;  // a bit string of one byte, 255 bits of which are unused
const std::string kReal = object('\x09', "\x03"s + std::string(256, '5'));

constexpr Faults kBitstring{.bitstring = true};
constexpr Faults kDouble{.real = true};
constexpr Faults longer(std::uint32_t size) { return {.longer_than = size}; }

struct Case {
  std::string name;
  std::string bytes;
  Faults faults;
  bool want;
};

class HasFault : public testing::TestWithParam<Case> {};

TEST_P(HasFault, Tells) {
  EXPECT_EQ(has_fault(as_bytes(GetParam().bytes), GetParam().faults), GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(
    Ber, HasFault,
    testing::Values(
        Case{"Bits", kBits, kBitstring, true}, Case{"BitsThatFit", "\x03\x01\x07"s, kBitstring, false},
        Case{"BitsAtTheLimit", "\x03\x01\x08"s, kBitstring, false},
        Case{"BitsNotAsked", kBits, kDouble, false}, Case{"BitsEmpty", "\x03\x00"s, kBitstring, false},
        Case{"BitsOfAnotherClass", "\x83\x01\xff"s, kBitstring, false}, Case{"Real", kReal, kDouble, true},
        Case{"RealOf256", object('\x09', std::string(256, '\x05')), kDouble, false},
        Case{"RealBinary", object('\x09', "\x80"s + std::string(256, '5')), kDouble, false},
        Case{"Long", object('\x04', "abcd"), longer(3), true},
        Case{"LongEnough", object('\x04', "abcd"), longer(4), false},
        Case{"Inside", object('\x30', object('\x02', "\x01") + kBits), kBitstring, true},
        Case{"Second", object('\x02', "\x01") + kBits, kBitstring, true},
        Case{"InnerLength", within("", 3), longer(4), false},
        Case{"OuterLength", within("", 3), longer(3), true},
        Case{"Deep", within(kBits, 29), kBitstring, true},
        Case{"TooDeep", within(kBits, 30), kBitstring, false},
        Case{"Thirty", repeated("\x05\x00"s, 29) + kBits, kBitstring, true},
        Case{"MoreThanThirty", repeated("\x05\x00"s, 30) + kBits, kBitstring, false},
        Case{"FaultBeforeTooMany", kBits + repeated("\x05\x00"s, 30), kBitstring, false},
        Case{"ManyInside", object('\x30', repeated("\x05\x00"s, 2045) + kBits), kBitstring, true},
        Case{"TooManyInside", object('\x30', repeated("\x05\x00"s, 2047) + kBits), kBitstring, false},
        Case{"CutShort", "\x30\x05\x03\x01\xff"s, kBitstring, false},
        Case{"FaultBeforeCutShort", kBits + "\x30\x05\x03"s, kBitstring, true},
        Case{"InnerCutShort", "\x30\x03\x03\x02\xff"s, kBitstring, false},
        Case{"Indefinite", "\x30\x80"s + kBits + "\0\0"s, kBitstring, true},
        Case{"IndefiniteWithoutEnd", "\x30\x80"s + kBits, kBitstring, false},
        Case{"IndefinitePrimitive", "\x04\x80"s + kBits + "\0\0"s, kBitstring, false},
        Case{"BehindIndefinite", "\x30\x80\0\0"s + kBits, kBitstring, true},
        Case{"LongTag", "\x1f\x81\x05\x01x"s + kBits, kBitstring, true},
        Case{"EndlessTag", "\x1f"s + std::string(64, '\x81'), kBitstring, false},
        Case{"HugeLength", "\x04\x88\xff\xff\xff\xff\xff\xff\xff\xff"s, longer(1), false},
        Case{"LengthOfNineBytes", "\x04\x89\0\0\0\0\0\0\0\0\1x"s, longer(0), false},
        Case{"Empty", "", longer(0), false}, Case{"OneByte", "\x30"s, longer(0), false}),
    by_name);

struct InRule {
  std::string name;
  std::string options;
  std::string payload;
  bool want;
};

class Asn1OnPayload : public testing::TestWithParam<InRule> {};

TEST_P(Asn1OnPayload, Matches) {
  RuleHarness harness("alert udp any any -> any any (" + GetParam().options + " sid:1;)");
  ASSERT_TRUE(harness.diagnostics.empty()) << rule::to_text(harness.diagnostics.front());
  const packet::Packet packet{
      .payload = as_bytes(GetParam().payload), .ip_version = 4, .protocol = 17, .has_transport = true};
  EXPECT_EQ(!harness.packet(packet).empty(), GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(
    Asn1, Asn1OnPayload,
    testing::Values(
        InRule{"FromTheBeginning", "asn1:bitstring_overflow;", kBits, true},
        InRule{"Absolute", "asn1:bitstring_overflow, absolute_offset 2;", "xx" + kBits, true},
        InRule{"AbsoluteElsewhere", "asn1:bitstring_overflow, absolute_offset 1;", "xx" + kBits, false},
        InRule{"AbsoluteBeyond", "asn1:bitstring_overflow, absolute_offset 65535;", kBits, false},
        InRule{"Relative", "content:\"ab\"; asn1:bitstring_overflow relative_offset 1;", "abx" + kBits, true},
        InRule{"RelativeBack", "content:\"|ff|\"; asn1:relative_offset -3, bitstring_overflow;", kBits, true},
        InRule{"RelativeBeforeTheBeginning", "content:\"|03|\"; asn1:relative_offset -3, bitstring_overflow;",
               kBits, false},
        InRule{"RelativeToTheNextPlace", "content:\"ab\"; asn1:bitstring_overflow, relative_offset 0;",
               "abxab" + kBits, true},
        InRule{"OneOfSeveral", "asn1:double_overflow, bitstring_overflow, oversize_length 2048;", kBits,
               true},
        InRule{"Oversize", "asn1:oversize_length 3;", object('\x04', "abcd"), true}),
    by_name);

struct Fault {
  std::string name;
  std::string argument;
  std::string want;
};

class Asn1Argument : public testing::TestWithParam<Fault> {};

TEST_P(Asn1Argument, SaysWhy) {
  const RuleHarness harness("alert udp any any -> any any (asn1:" + GetParam().argument + "; sid:1;)");
  ASSERT_EQ(rule::count_errors(harness.diagnostics), 1u);
  EXPECT_NE(harness.diagnostics.front().message.find(GetParam().want), std::string::npos)
      << harness.diagnostics.front().message;
}

INSTANTIATE_TEST_SUITE_P(Asn1, Asn1Argument,
                         testing::Values(Fault{"Unknown", "oversize_length 1, colour 5", "'colour'"},
                                         Fault{"NoNumber", "oversize_length", "not a number"},
                                         Fault{"TooLarge", "oversize_length 4294967296", "not within"},
                                         Fault{"OffsetTooLarge", "absolute_offset 65536", "not within"},
                                         Fault{"BackTooFar", "relative_offset -65536", "not within"},
                                         Fault{"EmptySetting", "bitstring_overflow,,", "''"}),
                         by_name);

}  // namespace
}  // namespace bansoko::keyword::asn1
