// SPDX-License-Identifier: Apache-2.0
#include "shield/rule/address_set.h"

#include <gmock/gmock.h>

#include "shield/rule/rule_text.h"
#include "tests/cases.h"

namespace bansoko::rule {
namespace {

Variables variables() {
  return {.addresses = {{"ALL", "any"},
                        {"HOME", "[10.0.0.0/8,2001:db8::/32]"},
                        {"OUTSIDE", "!$HOME"},
                        {"NOWHERE", "!$ALL"},
                        {"LOOP", "[192.0.2.1,$POOL]"},
                        {"POOL", "$LOOP"},
                        {"BROKEN", "[1.2.3.4,1.2.3]"}},
          .ports = {{"WEB", "80"}}};
}

struct Accepted {
  std::string_view name, text;
  std::vector<std::string_view> inside, outside;
};

class AddressesAccept : public testing::TestWithParam<Accepted> {};

TEST_P(AddressesAccept, Text) {
  std::size_t offset = 0;
  const auto set = parse_addresses(GetParam().text, variables(), offset);
  ASSERT_TRUE(set) << set.error().message;
  for (const auto text : GetParam().inside) EXPECT_TRUE(set->contains(*packet::parse_address(text))) << text;
  for (const auto text : GetParam().outside)
    EXPECT_FALSE(set->contains(*packet::parse_address(text))) << text;
  EXPECT_EQ(set->is_any(), GetParam().outside.empty());
}

INSTANTIATE_TEST_SUITE_P(
    Rule, AddressesAccept,
    testing::Values(
        Accepted{"Any",
                 "any",
                 {"0.0.0.0", "255.255.255.255", "::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
                 {}},
        Accepted{"AnyInCapitals", " ANY ", {"192.0.2.1"}, {}},
        Accepted{"One", "192.0.2.1", {"192.0.2.1"}, {"192.0.2.0", "192.0.2.2", "::192.0.2.1"}},
        Accepted{"OneOfSix", "2001:db8::1", {"2001:db8::1"}, {"2001:db8::", "2001:db8::2", "0.0.0.1"}},
        Accepted{"Network", "10.0.0.0/8", {"10.0.0.0", "10.255.255.255"}, {"9.255.255.255", "11.0.0.0"}},
        Accepted{"NetworkNamedByAHost", "10.1.2.3/8", {"10.0.0.0", "10.255.255.255"}, {"11.0.0.0"}},
        Accepted{"LongestNetwork", "10.0.0.1/32", {"10.0.0.1"}, {"10.0.0.0", "10.0.0.2"}},
        Accepted{"Netmask", "10.0.0.0/255.255.0.0", {"10.0.255.255"}, {"10.1.0.0"}},
        Accepted{"NetworkOfSix", "fe80::/10", {"fe80::", "febf:ffff::1"}, {"fec0::", "fe7f::1"}},
        Accepted{"AllOfFour", "0.0.0.0/0", {"0.0.0.0", "255.255.255.255"}, {"::", "::1", "2001:db8::1"}},
        Accepted{"AllOfSix", "::/0", {"::", "::1", "2001:db8::1"}, {"0.0.0.0", "255.255.255.255"}},
        Accepted{"BothAreAny", "[0.0.0.0/0,::/0]", {"192.0.2.1", "::1"}, {}},
        Accepted{"NotOne", "!192.0.2.1", {"192.0.2.0", "192.0.2.2", "::"}, {"192.0.2.1"}},
        Accepted{"Range", "192.0.2.3-192.0.2.5", {"192.0.2.3", "192.0.2.5"}, {"192.0.2.2", "192.0.2.6"}},
        Accepted{"RangeWithBlanks", "[192.0.2.3 - 192.0.2.5]", {"192.0.2.4"}, {"192.0.2.6"}},
        Accepted{"RangeOfSix", "::1-::3", {"::1", "::3"}, {"::", "::4"}},
        Accepted{"List", "[192.0.2.1, 192.0.2.3 ]", {"192.0.2.1", "192.0.2.3"}, {"192.0.2.2"}},
        Accepted{"ListWithAHole",
                 "[10.0.0.0/8,!10.1.0.0/16]",
                 {"10.0.0.1", "10.2.0.0"},
                 {"10.1.0.0", "10.1.255.255"}},
        Accepted{"HoleFirst", "[!10.1.0.0/16,10.0.0.0/8]", {"10.0.0.1"}, {"10.1.0.0"}},
        Accepted{"OnlyHoles", "[!10.0.0.1,!10.0.0.2]", {"10.0.0.0", "10.0.0.3"}, {"10.0.0.1", "10.0.0.2"}},
        Accepted{"NotAList", "![10.0.0.1,10.0.0.2]", {"10.0.0.3", "::1"}, {"10.0.0.1", "10.0.0.2"}},
        Accepted{
            "NotAListWithAHole", "![10.0.0.0/8,!10.0.0.1]", {"10.0.0.1", "::1"}, {"10.0.0.0", "10.0.0.2"}},
        Accepted{"ListInAList", "[10.0.0.1,[10.0.0.2,10.0.0.3]]", {"10.0.0.1", "10.0.0.3"}, {"10.0.0.4"}},
        Accepted{"NegatedListInAList",
                 "[10.0.0.0/8,![10.0.0.1,10.0.0.2]]",
                 {"10.0.0.3"},
                 {"10.0.0.1", "10.0.0.2"}},
        Accepted{"AnyWithAHole", "[any,!10.0.0.1]", {"10.0.0.2"}, {"10.0.0.1"}},
        Accepted{"Variable", "$HOME", {"10.0.0.1", "2001:db8::1"}, {"11.0.0.1"}},
        Accepted{"NotAVariable", "!$HOME", {"11.0.0.1"}, {"10.0.0.1", "2001:db8::1"}},
        Accepted{"VariableInAVariable", "[$OUTSIDE]", {"11.0.0.1"}, {"10.0.0.1"}},
        Accepted{"NotNot", "!$OUTSIDE", {"10.0.0.1"}, {"11.0.0.1"}},
        Accepted{"VariableTwice", "[$HOME,192.0.2.1,$HOME]", {"10.0.0.1", "192.0.2.1"}, {"192.0.2.2"}}),
    by_name);

struct Refused {
  std::string_view name, text;
  std::size_t offset;
  std::string_view message;
};

class AddressesRefuse : public testing::TestWithParam<Refused> {};

TEST_P(AddressesRefuse, Text) {
  std::size_t offset = 999;
  const auto set = parse_addresses(GetParam().text, variables(), offset);
  ASSERT_FALSE(set);
  EXPECT_EQ(offset, GetParam().offset) << set.error().message;
  EXPECT_THAT(set.error().message, testing::StartsWith(std::string(GetParam().message)));
}

INSTANTIATE_TEST_SUITE_P(
    Rule, AddressesRefuse,
    testing::Values(
        Refused{"Nothing", "", 0, "no address here"}, Refused{"NotNothing", "!", 1, "no address here"},
        Refused{"EmptyList", "[]", 1, "no address here"},
        Refused{"EmptyElement", "[10.0.0.1,,10.0.0.2]", 10, "no address here"},
        Refused{"TrailingComma", "[10.0.0.1,]", 10, "no address here"},
        Refused{"Word", "[10.0.0.1,host]", 10, "'host' is not an address"},
        Refused{"CutShort", "1.2.3", 0, "'1.2.3' is not an address"},
        Refused{"TooBig", "1.2.3.256", 0, "'1.2.3.256' is not an address"},
        Refused{"LengthTooBig", "1.2.3.4/33", 8, "'33' is not a network length"},
        Refused{"LengthOfSixTooBig", "[::/129]", 4, "'129' is not a network length"},
        Refused{"NoLength", "1.2.3.4/", 8, "'' is not a network length"},
        Refused{"HexLength", "1.2.3.4/0x8", 8, "'0x8' is not a network length"},
        Refused{"MaskWithAHole", "1.2.3.4/255.0.255.0", 8, "'255.0.255.0' is not a netmask"},
        Refused{"RangeBackwards", "1.2.3.4-1.2.3.3", 0, "'1.2.3.4-1.2.3.3' ends before it begins"},
        Refused{"RangeAcrossVersions", "1.2.3.4-::5", 0,
                "'1.2.3.4-::5' goes from one IP version to the other"},
        Refused{"RangeWithoutEnd", "1.2.3.4-", 8, "'' is not an address"},
        Refused{"NotAny", "!any", 0, "'!any' leaves no address: what it negates is every address"},
        Refused{"NotAnyInAList", "[1.2.3.4,!any]", 9, "'!any' leaves no address"},
        Refused{"AllTakenOut", "[1.2.3.4,!1.2.3.4]", 0, "'[1.2.3.4,!1.2.3.4]' leaves no address"},
        Refused{"AllTakenOutWithin", "[5.6.7.8,[1.2.3.4,!1.2.3.4]]", 9,
                "'[1.2.3.4,!1.2.3.4]' leaves no address"},
        Refused{"TwoNegations", "!!1.2.3.4", 1, "a second '!'"},
        Refused{"ListNotClosed", "[1.2.3.4", 0, "the '[' opened here is not closed"},
        Refused{"InnerListNotClosed", "[1.2.3.4,[5.6.7.8]", 0, "the '[' opened here is not closed"},
        Refused{"ListNotOpened", "1.2.3.4]", 7, "']' after the address"},
        Refused{"ListWithoutBrackets", "1.2.3.4,5.6.7.8", 7, "a list without brackets"},
        Refused{"ListsWithoutComma", "[[1.2.3.4][5.6.7.8]]", 10, "'[' is in the way"},
        Refused{"TooDeep", "[[[[[[[[[[[[[[[[[1.2.3.4]]]]]]]]]]]]]]]]]", 16,
                "lists and variables more than 16 deep"},
        Refused{"UnknownVariable", "[1.2.3.4,$HOMES]", 9,
                "$HOMES is not defined, did you mean $HOME? (valid: $ALL, $BROKEN, $HOME, "},
        Refused{"NoName", "$", 0, "$ is not defined"},
        Refused{"PortVariable", "$WEB", 0, "$WEB does not stand for addresses"},
        Refused{"Circle", "[1.2.3.4,$LOOP]", 9,
                "in $LOOP: in $POOL: $LOOP stands for itself: $LOOP -> $POOL -> $LOOP"},
        Refused{"FaultInAVariable", "!$BROKEN", 1, "in $BROKEN: '1.2.3' is not an address"},
        Refused{"VariableOfNothing", "$NOWHERE", 0,
                "in $NOWHERE: '!$ALL' leaves no address: what it negates is every"},
        Refused{"NotAVariableOfAll", "!$ALL", 0, "'!$ALL' leaves no address"}),
    by_name);

TEST(Addresses, MuchTooLongListIsRefused) {
  Variables huge;
  std::string many = "[";
  for (int i = 0; i < 1 << 12U; ++i)
    many += "10." + std::to_string(i / 256) + "." + std::to_string(i % 256) + ".1,";
  huge.addresses.emplace("MANY", many + "10.255.0.1]");
  std::string text = "[$MANY";
  for (int i = 0; i < 1 << 10U; ++i) text += ",$MANY";
  std::size_t offset = 0;
  EXPECT_FALSE(parse_addresses(text + "]", huge, offset));
  EXPECT_GT(offset, 6U);
}

TEST(AddressSet, TouchingRangesAreJoined) {
  const auto at = [](std::uint8_t last) { return packet::Address::v4(10, 0, 0, last); };
  const AddressSet set({{at(7), at(9)}, {at(1), at(3)}, {at(2), at(6)}});
  ASSERT_EQ(set.ranges().size(), 1U);
  EXPECT_EQ(set, AddressSet({{at(1), at(9)}}));
  EXPECT_TRUE(set.without(set).ranges().empty());
  EXPECT_FALSE(set.without(set).contains(at(1)));
  EXPECT_EQ(set.without(AddressSet({{at(1), at(1)}, {at(9), at(9)}})), AddressSet({{at(2), at(8)}}));
}

TEST(AddressSet, WithoutUndoesItself) {
  const AddressSet all;
  const AddressSet some({{packet::Address{}, packet::Address::v4(1, 2, 3, 4)}});
  EXPECT_EQ(all.without(all.without(some)), some);
  EXPECT_TRUE(all.without(AddressSet(std::vector<AddressSet::Range>{})).is_any());
}

}  // namespace
}  // namespace bansoko::rule
