// SPDX-License-Identifier: Apache-2.0
#include "shield/packet/address.h"

#include <gtest/gtest.h>

#include "tests/cases.h"

namespace bansoko::packet {
namespace {

using namespace std::string_view_literals;

struct AddressCase {
  std::string_view name;
  std::string_view text;
  std::string_view written;  // as to_text() gives it
  bool is_v4;
};

class AddressAccepts : public testing::TestWithParam<AddressCase> {};

TEST_P(AddressAccepts, Text) {
  const auto got = parse_address(GetParam().text);
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_EQ(to_text(*got), GetParam().written);
  EXPECT_EQ(got->is_v4(), GetParam().is_v4);
  EXPECT_EQ(parse_address(to_text(*got)).value(), *got);
}

INSTANTIATE_TEST_SUITE_P(Address, AddressAccepts,
                         testing::Values(AddressCase{"Four", "192.0.2.1", "192.0.2.1", true},
                                         AddressCase{"FourZero", "0.0.0.0", "0.0.0.0", true},
                                         AddressCase{"FourAllOnes", "255.255.255.255", "255.255.255.255",
                                                     true},
                                         AddressCase{"Six", "2001:DB8:0:0::1", "2001:db8::1", false},
                                         AddressCase{"SixZero", "::", "::", false},
                                         AddressCase{"Mapped", "::ffff:192.0.2.1", "192.0.2.1", true},
                                         AddressCase{"Compatible", "::192.0.2.1", "::192.0.2.1", false}),
                         by_name);

struct TextCase {
  std::string_view name;
  std::string_view text;
};

class AddressRefuses : public testing::TestWithParam<TextCase> {};

TEST_P(AddressRefuses, Text) { EXPECT_FALSE(parse_address(GetParam().text)); }

INSTANTIATE_TEST_SUITE_P(
    Address, AddressRefuses,
    testing::Values(TextCase{"Empty", ""}, TextCase{"Word", "localhost"}, TextCase{"ThreeParts", "192.0.2"},
                    TextCase{"Octet256", "192.0.2.256"}, TextCase{"BlankAround", " 192.0.2.1"},
                    TextCase{"Prefix", "192.0.2.0/24"}, TextCase{"NulInside", "192.0.2.1\0evil"sv},
                    TextCase{"TwoGaps", "2001::1::2"}, TextCase{"NineGroups", "1:2:3:4:5:6:7:8:9"},
                    TextCase{"Zone", "fe80::1%eth0"}),
    by_name);

TEST(Address, ComparesByValue) {
  EXPECT_LT(Address::v4(10, 0, 0, 1), Address::v4(10, 0, 0, 2));
  EXPECT_LT(Address::v4(9, 255, 255, 255), Address::v4(10, 0, 0, 0));
}

}  // namespace
}  // namespace bansoko::packet
