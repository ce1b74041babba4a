// SPDX-License-Identifier: Apache-2.0
#include "shield/keyword/dcerpc_ndr/ndr_walk.h"

#include <string>

#include <gtest/gtest.h>

#include "shield/keyword/dcerpc_ndr/ndr_argument.h"
#include "tests/cases.h"

namespace bansoko::keyword::dcerpc_ndr {
namespace {

using namespace std::string_literals;

std::string number(std::uint64_t value, int size = 4, bool little = true) {
  std::string bytes;
  for (int i = 0; i < size; ++i)
    bytes += static_cast<char>(value >> (8 * (little ? i : size - 1 - i)) & 0xFFU);
  return bytes;
}

std::string padded(std::string bytes) {
  while (bytes.size() % 4 != 0) bytes += '\0';
  return bytes;
}

std::string counts(std::uint64_t most, std::uint64_t offset, std::uint64_t count, bool little = true) {
  return number(most, 4, little) + number(offset, 4, little) + number(count, 4, little);
}

/// A string with its end.
std::string wide(const std::string& text, bool little = true) {
  std::string bytes;
  for (const char letter : text + '\0') bytes += number(static_cast<std::uint8_t>(letter), 2, little);
  return padded(counts(text.size() + 1, 0, text.size() + 1, little) + bytes);
}

std::string narrow(const std::string& text) {
  return padded(counts(text.size() + 1, 0, text.size() + 1) + text + '\0');
}

std::string array(const std::string& bytes) { return padded(number(bytes.size()) + bytes); }

const std::string kGiven = number(0x20000), kNull = number(0);

struct Case {
  std::string name;
  std::string walk;
  std::string stub;
  bool want;
  bool little = true;
};

class NdrWalk : public testing::TestWithParam<Case> {};

TEST_P(NdrWalk, Holds) {
  const auto walk = read_argument(GetParam().walk);
  ASSERT_TRUE(walk.has_value()) << walk.error().message;
  EXPECT_EQ(holds(*walk, as_bytes(GetParam().stub), GetParam().little), GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(
    Numbers, NdrWalk,
    testing::Values(
        Case{"Equal", "u32 =5", number(5), true}, Case{"NotEqual", "u32 =5", number(6), false},
        Case{"Unequal", "u32 !=5", number(6), true}, Case{"AtTheLimit", "u32 >5", number(5), false},
        Case{"OverTheLimit", "u32 >5", number(6), true}, Case{"AtLeast", "u32 >= 5", number(5), true},
        Case{"Below", "u16 <5", number(4, 2), true}, Case{"AtMost", "u8 <=5", number(5, 1), true},
        Case{"Aligned", "u8, u32 =7", "\1xxx"s + number(7), true},
        Case{"AlignedToEight", "u32, u64 =7", number(1) + "xxxx" + number(7, 8), true},
        Case{"OtherOrder", "u32 =5", number(5, 4, false), true, false},
        Case{"Named", "u32 $n, u32 !=$n", number(4) + number(5), true},
        Case{"NamedAlike", "u32 $n, u32 !=$n", number(4) + number(4), false},
        Case{"CutShort", "u32 =5", number(5).substr(0, 3), false}, Case{"Nothing", "u8", "", false}),
    by_name);

INSTANTIATE_TEST_SUITE_P(
    Strings, NdrWalk,
    testing::Values(
        Case{"Over", "wide >3", wide("abcd"), true}, Case{"At", "wide >3", wide("abc"), false},
        Case{"UpToItsZero", "wide >3", counts(9, 0, 9) + std::string("a\0b\0c\0\0\0d\0e\0f\0g\0h\0", 18),
             false},
        Case{"Big", "wide =4", wide("abcd", false), true, false},
        Case{"Narrow", "narrow =2", narrow("ab"), true}, Case{"Max", "wide max =5", wide("abcd"), true},
        Case{"Count", "wide count =5", wide("abcd"), true},
        Case{"Offset", "wide offset >0", counts(2, 1, 1) + "a"s, true},
        Case{"BehindOne", "wide, u32 =9", wide("ab") + number(9), true},
        Case{"MoreThanHasCome", "wide >3", wide("abcdefgh").substr(0, 12 + 8), true},
        Case{"NotYetMore", "wide >3", wide("abcdefgh").substr(0, 12 + 6), false},
        Case{"NotYetWhole", "wide <9", wide("abcdefgh").substr(0, 12 + 6), false},
        Case{"NotTheLastItem", "wide >3, u8", wide("abcdefgh").substr(0, 12 + 8), false},
        Case{"HugeCount", "wide >3, u8", counts(0xFFFFFFFF, 0, 0xFFFFFFFF) + "a\0b\0c\0d\0e\0"s, false},
        Case{"Joined", "wide $a, wide joined $a >5", wide("abc") + wide("def"), true},
        Case{"JoinedAtTheLimit", "wide $a, wide joined $a >5", wide("abc") + wide("de"), false},
        Case{"Anywhere", "anywhere, wide >3", "xxxxyyyy" + wide("abcd"), true},
        Case{"AnywhereInAnotherOrder", "anywhere, wide >3", "xxxxyyyy" + wide("abcd", false), true},
        Case{"AnywhereAt", "anywhere, wide >3", "xxxxyyyy" + wide("abc"), false},
        Case{"AnywhereSmallInAnotherOrder", "anywhere, wide max >37", wide("abc"), false},
        Case{"AnywhereNotAligned", "anywhere, wide >3", "xx" + wide("abcd"), false},
        Case{"AnywhereCountsThatCannotBe", "anywhere, wide >3", counts(3, 0, 5) + wide("abcd").substr(12),
             false},
        Case{"AnywhereTooLate", "anywhere, wide >3", std::string(4096, 'x') + wide("abcd"), false},
        Case{"AnywhereLatest", "anywhere, wide >3", std::string(4092, 'x') + wide("abcd"), true}),
    by_name);

INSTANTIATE_TEST_SUITE_P(
    Pointers, NdrWalk,
    testing::Values(Case{"Unique", "unique wide >1, u32 =7", kGiven + wide("ab") + number(7), true},
                    Case{"UniqueNull", "unique wide, u32 =7", kNull + number(7), true},
                    Case{"UniqueNullAsked", "unique wide >0", kNull, false},
                    Case{"Referents", "pointer, pointer, referent wide, referent narrow =2",
                         kGiven + kGiven + wide("ab") + narrow("cd"), true},
                    Case{"ReferentOfNull", "pointer, pointer, referent wide, referent narrow =2",
                         kNull + kGiven + narrow("cd"), true},
                    Case{"ReferentWithoutPointer", "referent wide", wide("ab"), false},
                    Case{"Array", "u32 $n, array 1 !=$n", number(3) + array("abcd"), true},
                    Case{"ArrayAlike", "u32 $n, array 1 !=$n", number(4) + array("abcd"), false},
                    Case{"BehindAnArray", "array 4, u32 =9", number(1) + "abcd" + number(9), true},
                    Case{"BehindAnArrayNotYet", "array 4, u32 =9", number(2) + "abcd" + number(9), false},
                    Case{"Varying", "varying 2 count =1, u8 =9", counts(4, 0, 1) + "ab\x09", true},
                    Case{"Handle", "handle, u32 =9", std::string(20, 'h') + number(9), true},
                    Case{"Uuid", "u8, uuid, u8 =9", "\1xxx"s + std::string(16, 'u') + "\x09", true},
                    Case{"Skip", "skip 3, u8 =9", "abc\x09", true}),
    by_name);

INSTANTIATE_TEST_SUITE_P(
    Paths, NdrWalk,
    testing::Values(Case{"Climbs", "wide climbs", wide("\\a\\..\\..\\b"), true},
                    Case{"Stays", "wide climbs", wide("\\a\\b\\..\\..\\c"), false},
                    Case{"BothSlashes", "wide climbs", wide("a/..\\../b"), true},
                    Case{"EmptyNames", "wide climbs", wide("a\\\\b\\..\\\\..\\..\\c"), true},
                    Case{"DotsThatMeanNothing", "wide climbs", wide("a\\.\\..\\.\\.."), true},
                    Case{"ThreeDots", "wide climbs", wide("a\\...\\..\\.."), false},
                    Case{"OnlyUp", "wide climbs", wide("..\\..\\a"), false},
                    Case{"UpThenInAndOut", "wide climbs", wide("..\\a\\..\\.."), true},
                    Case{"Server", "wide climbs", wide("\\\\server\\a\\..\\.."), true},
                    Case{"ServerAlone", "wide climbs", wide("\\\\server\\.."), false},
                    Case{"AtItsEnd", "wide climbs", wide("a\\..\\.."), true},
                    Case{"EndNotYetKnown", "wide climbs", wide("a\\..\\..x").substr(0, 12 + 14), false},
                    Case{"BehindItsPrefix", "wide $p, wide climbs $p", wide("..\\..\\b") + wide("\\a"), true},
                    Case{"WithinItsPrefix", "wide $p, wide climbs $p", wide("..\\b") + wide("\\a"), false},
                    Case{"NoPrefix", "wide $p, wide climbs $p", wide("a\\..\\..\\b") + wide(""), true}),
    by_name);

TEST(NdrText, IsLookedAtAsFarAsTheLimit) {
  const auto at = read_argument("wide >=4096"), over = read_argument("wide >4096");
  const std::string stub = wide(std::string(5000, 'a'));
  EXPECT_TRUE(holds(*at, as_bytes(stub), true));
  EXPECT_FALSE(holds(*over, as_bytes(stub), true));
}

TEST(NdrPointers, AreFollowedAsFarAsTheLimit) {
  std::string walk = "pointer", stub = kGiven;
  for (std::size_t i = 1; i < kMaxPointers; ++i) walk += ", pointer", stub += kGiven;
  EXPECT_TRUE(holds(*read_argument(walk), as_bytes(stub), true));
  EXPECT_FALSE(holds(*read_argument(walk + ", pointer"), as_bytes(stub + kGiven), true));
}

std::string counts_64(std::uint64_t most, std::uint64_t offset, std::uint64_t count) {
  return number(most, 8) + number(offset, 8) + number(count, 8);
}

std::string wide_64(const std::string& text) {
  std::string bytes;
  for (const char letter : text + '\0') bytes += number(static_cast<std::uint8_t>(letter), 2);
  bytes = counts_64(text.size() + 1, 0, text.size() + 1) + bytes;
  while (bytes.size() % 8 != 0) bytes += '\0';
  return bytes;
}

const std::string kGiven64 = number(0x20000, 8);

struct WideCase {
  std::string name;
  std::string walk;
  std::string stub;
  bool want;
  Syntax syntax = Syntax::ndr64;
};

class Ndr64Walk : public testing::TestWithParam<WideCase> {};

TEST_P(Ndr64Walk, Holds) {
  const auto walk = read_argument(GetParam().walk);
  ASSERT_TRUE(walk.has_value()) << walk.error().message;
  EXPECT_EQ(holds(*walk, as_bytes(GetParam().stub), true, GetParam().syntax), GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(
    Ndr64, Ndr64Walk,
    testing::Values(
        WideCase{"NumbersAsInNdr", "u16 =1, u32 =2", number(1, 2) + "xx" + number(2), true},
        WideCase{"Over", "wide >3", wide_64("abcd"), true}, WideCase{"At", "wide >3", wide_64("abc"), false},
        WideCase{"Max", "wide max =5", wide_64("abcd"), true},
        WideCase{"BehindANumber", "u32 =1, wide >3", number(1) + "xxxx" + wide_64("abcd"), true},
        WideCase{"UniqueOfEightBytes", "unique wide >1, u32 =7", kGiven64 + wide_64("ab") + number(7), true},
        WideCase{"PointersAligned", "u32, pointer, pointer, referent wide, referent wide >3",
                 number(1) + "xxxx" + kGiven64 + number(0, 8) + wide_64("abcd"), false},
        WideCase{"Referents", "u32, pointer, pointer, referent wide, referent wide >3",
                 number(1) + "xxxx" + kGiven64 + kGiven64 + wide_64("a") + wide_64("abcd"), true},
        WideCase{"Array", "handle, u32 $n, pointer, referent array 4 !=$n",
                 std::string(20, 'h') + number(2) + kGiven64 + number(3, 8) + "aaaabbbbcccc", true},
        WideCase{"ArrayAlike", "handle, u32 $n, pointer, referent array 4 !=$n",
                 std::string(20, 'h') + number(3) + kGiven64 + number(3, 8) + "aaaabbbbcccc", false},
        WideCase{"CountThatOverflows", "array 4, u8", number(0x4000000000000000, 8) + "aaaa"s, false},
        WideCase{"TextThatOverflows", "wide, u8", counts_64(1, 0, 0x8000000000000001) + "a\0b\0"s, false},
        WideCase{"CutShort", "wide >0", counts_64(3, 0, 3).substr(0, 23), false},
        WideCase{"NotNdr", "wide >3", wide("abcd"), false},
        WideCase{"EitherIsNdr", "wide >3", wide("abcd"), true, Syntax::either},
        WideCase{"EitherIsNdr64", "wide >3", wide_64("abcd"), true, Syntax::either},
        WideCase{"OnlyNdr", "wide >3", wide_64("abcd"), false, Syntax::ndr},
        WideCase{"Anywhere", "anywhere, wide >3", "xxxxyyyy" + wide_64("abcd"), true},
        WideCase{"AnywhereAt", "anywhere, wide >3", "xxxxyyyy" + wide_64("abc"), false},
        WideCase{"AnywherePackedInNdr", "anywhere, wide >3", "xxxxyyyyzzzz" + wide("abcd"), true},
        WideCase{"AnywhereLatest", "anywhere, wide >3", std::string(4088, 'x') + wide_64("abcd"), true},
        WideCase{"AnywhereTooLate", "anywhere, wide >3", std::string(4096, 'x') + wide_64("abcd"), false}),
    by_name);

struct Fault {
  std::string name;
  std::string walk;
  std::string want;
};

class NdrArgument : public testing::TestWithParam<Fault> {};

TEST_P(NdrArgument, SaysWhy) {
  const auto walk = read_argument(GetParam().walk);
  ASSERT_FALSE(walk.has_value());
  EXPECT_NE(walk.error().message.find(GetParam().want), std::string::npos) << walk.error().message;
}

std::string items(std::size_t count) {
  std::string text = "u8";
  for (std::size_t i = 1; i < count; ++i) text += ", u8";
  return text;
}

INSTANTIATE_TEST_SUITE_P(
    Ndr, NdrArgument,
    testing::Values(Fault{"Empty", "", "type"}, Fault{"AnywhereAlone", "anywhere", "items are needed"},
                    Fault{"TooMany", items(kMaxItems + 1), "items are needed"},
                    Fault{"UnknownType", "u32, wider", "'wider' is not a type"},
                    Fault{"NoSize", "array >3", "number"}, Fault{"SizeZero", "skip 0", "not within"},
                    Fault{"NoOperator", "u32 5", "not a condition"}, Fault{"NoNumber", "u32 >x", "number"},
                    Fault{"NameUnknown", "u32 !=$n", "nothing before it is called '$n'"},
                    Fault{"NameOfItself", "u32 $n =$n", "nothing before it"},
                    Fault{"NameTaken", "u32 $n, u32 $n", "taken"},
                    Fault{"NamesTooMany", "u8 $a, u8 $b, u8 $c, u8 $d, u8 $e", "too many"},
                    Fault{"JoinedWithANumber", "u32 $n, wide joined $n >3", "no earlier string"},
                    Fault{"ClimbsOfANumber", "u32 climbs", "not a condition"},
                    Fault{"ConditionOnAHandle", "handle >3", "nothing can be asked"},
                    Fault{"TwoConditions", "u32 >3 <5", "too many"}),
    by_name);

}  // namespace
}  // namespace bansoko::keyword::dcerpc_ndr
