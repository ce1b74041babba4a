// SPDX-License-Identifier: Apache-2.0
#include "shield/detect/reputation.h"

#include <gtest/gtest.h>

#include "tests/cases.h"

namespace bansoko::detect {
namespace {

constexpr auto kCategories = "# remark\n1,CnC,Command, control\n2 , Scan ,x\n";

struct Case {
  std::string name;
  std::string scores;
  std::string category;
  Range range;
  std::string address;
  bool want;
};

class Addresses : public testing::TestWithParam<Case> {};

TEST_P(Addresses, WithAScore) {
  Reputation known;
  ASSERT_TRUE(known.add_categories(kCategories));
  ASSERT_TRUE(known.add_scores(GetParam().scores));
  const auto set = known.addresses(GetParam().category, GetParam().range);
  ASSERT_TRUE(set) << set.error().message;
  EXPECT_EQ(set->contains(*packet::parse_address(GetParam().address)), GetParam().want);
}

constexpr Range kAny{};
constexpr Range kHigh{.low = 50};
constexpr auto kNested = "10.0.0.0/8,1,60\n10.1.0.0/16,1,20\n10.1.2.0/24,1,70\n10.1.2.3,1,10\n";

INSTANTIATE_TEST_SUITE_P(
    Lists, Addresses,
    testing::Values(Case{"One", "192.0.2.1,1,5", "CnC", kAny, "192.0.2.1", true},
                    Case{"Beside", "192.0.2.1,1,5", "CnC", kAny, "192.0.2.2", false},
                    Case{"OtherCategory", "192.0.2.1,1,5", "Scan", kAny, "192.0.2.1", false},
                    Case{"Network", "192.0.2.0/24,2,5", "Scan", kAny, "192.0.2.255", true},
                    Case{"BelowRange", "192.0.2.1,1,49", "CnC", kHigh, "192.0.2.1", false},
                    Case{"InRange", "192.0.2.1,1,50", "CnC", kHigh, "192.0.2.1", true},
                    Case{"ZeroIsNone", "192.0.2.1,1,0", "CnC", kAny, "192.0.2.1", false},
                    Case{"TakenBack", "192.0.2.1,1,9\n192.0.2.1,1,0", "CnC", kAny, "192.0.2.1", false},
                    Case{"SaidAgain", "192.0.2.1,1,9\n192.0.2.1,1,60", "CnC", kHigh, "192.0.2.1", true},
                    Case{"Outer", kNested, "CnC", kHigh, "10.0.255.255", true},
                    Case{"Inner", kNested, "CnC", kHigh, "10.1.1.255", false},
                    Case{"Innermost", kNested, "CnC", kHigh, "10.1.2.0", true},
                    Case{"OneInside", kNested, "CnC", kHigh, "10.1.2.3", false},
                    Case{"BehindTheOne", kNested, "CnC", kHigh, "10.1.2.4", true},
                    Case{"BehindTheInnermost", kNested, "CnC", kHigh, "10.1.3.0", false},
                    Case{"BehindTheInner", kNested, "CnC", kHigh, "10.2.0.0", true},
                    Case{"BehindAll", kNested, "CnC", kHigh, "11.0.0.0", false},
                    Case{"Six", "2001:db8::/32,1,60", "CnC", kHigh, "2001:db8::5", true},
                    Case{"HighestAddress", "ffff::/16,1,60", "CnC", kHigh,
                         "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", true}),
    by_name);

struct Fault {
  std::string name;
  std::string categories;
  std::string scores;
  std::string want;
};

class BadList : public testing::TestWithParam<Fault> {};

TEST_P(BadList, SaysWhere) {
  Reputation known;
  auto done = known.add_categories(GetParam().categories);
  if (done) done = known.add_scores(GetParam().scores);
  ASSERT_FALSE(done);
  EXPECT_NE(done.error().message.find(GetParam().want), std::string::npos) << done.error().message;
}

INSTANTIATE_TEST_SUITE_P(Lists, BadList,
                         testing::Values(Fault{"CategoryNumber", "61,CnC,x", "",
                                               "line 1: 61 is more than 60"},
                                         Fault{"CategoryZero", "0,CnC,x", "", "a number and a short name"},
                                         Fault{"CategoryName", "1", "", "a number and a short name"},
                                         Fault{"Address", "", "\n\n1.2.3,1,5", "line 3"},
                                         Fault{"Score", "", "1.2.3.4,1,128", "128 is more than 127"},
                                         Fault{"NoScore", "", "1.2.3.4,1", "not a number"},
                                         Fault{"NotOneNetwork", "", "!1.2.3.4,1,5", "not one network"}),
                         by_name);

TEST(Reputation, UnknownCategory) { EXPECT_FALSE(Reputation().addresses("CnC", {})); }

}  // namespace
}  // namespace bansoko::detect
