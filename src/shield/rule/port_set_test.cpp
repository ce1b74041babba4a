// SPDX-License-Identifier: Apache-2.0
#include "shield/rule/port_set.h"

#include <gmock/gmock.h>

#include "shield/rule/rule_text.h"
#include "tests/cases.h"

namespace bansoko::rule {
namespace {

Variables variables() {
  return {.addresses = {{"HOME", "any"}}, .ports = {{"WEB", "[80,8080]"}, {"ALL", "any"}, {"LOOP", "$LOOP"}}};
}

struct Accepted {
  std::string_view name, text;
  std::vector<PortSet::Range> ranges;
};

class PortsAccept : public testing::TestWithParam<Accepted> {};

TEST_P(PortsAccept, Text) {
  std::size_t offset = 0;
  const auto set = parse_ports(GetParam().text, variables(), offset);
  ASSERT_TRUE(set) << set.error().message;
  EXPECT_THAT(set->ranges(), testing::ElementsAreArray(GetParam().ranges));
  for (std::uint32_t port = 0; port <= 65535; ++port) {
    bool want = false;
    for (const auto& range : GetParam().ranges) want = want || (range.first <= port && port <= range.last);
    ASSERT_EQ(set->contains(static_cast<std::uint16_t>(port)), want) << port;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Rule, PortsAccept,
    testing::Values(Accepted{"Any", "any", {{0, 65535}}}, Accepted{"One", "80", {{80, 80}}},
                    Accepted{"Zero", "0", {{0, 0}}}, Accepted{"Last", "65535", {{65535, 65535}}},
                    Accepted{"Range", "1024:5000", {{1024, 5000}}},
                    Accepted{"From", "1024:", {{1024, 65535}}}, Accepted{"UpTo", ":1023", {{0, 1023}}},
                    Accepted{"Not", "!80", {{0, 79}, {81, 65535}}}, Accepted{"NotZero", "!0", {{1, 65535}}},
                    Accepted{"NotLast", "!65535", {{0, 65534}}},
                    Accepted{"NotRange", "!21:23", {{0, 20}, {24, 65535}}},
                    Accepted{"List", "[80, 443 ,8000:8002]", {{80, 80}, {443, 443}, {8000, 8002}}},
                    Accepted{"Touching", "[80,81,82:90,85]", {{80, 90}}},
                    Accepted{"Hole", "[1:100,!50]", {{1, 49}, {51, 100}}},
                    Accepted{"HoleOutside", "[!3389,1024:65535]", {{1024, 3388}, {3390, 65535}}},
                    Accepted{"NotList", "![80,443]", {{0, 79}, {81, 442}, {444, 65535}}},
                    Accepted{"NotListInAList", "[1:9,![2,4]]", {{1, 1}, {3, 3}, {5, 9}}},
                    Accepted{"Variable", "[$WEB,7547]", {{80, 80}, {7547, 7547}, {8080, 8080}}},
                    Accepted{"NotVariable", "!$WEB", {{0, 79}, {81, 8079}, {8081, 65535}}},
                    Accepted{"EveryPortByRange", "0:65535", {{0, 65535}}}),
    by_name);

struct Refused {
  std::string_view name, text;
  std::size_t offset;
  std::string_view message;
};

class PortsRefuse : public testing::TestWithParam<Refused> {};

TEST_P(PortsRefuse, Text) {
  std::size_t offset = 999;
  const auto set = parse_ports(GetParam().text, variables(), offset);
  ASSERT_FALSE(set);
  EXPECT_EQ(offset, GetParam().offset) << set.error().message;
  EXPECT_THAT(set.error().message, testing::StartsWith(std::string(GetParam().message)));
}

INSTANTIATE_TEST_SUITE_P(
    Rule, PortsRefuse,
    testing::Values(Refused{"Nothing", "", 0, "no port here"},
                    Refused{"TooBig", "65536", 0, "'65536' is not a port"},
                    Refused{"Negative", "-1", 0, "'-1' is not a port"},
                    Refused{"Word", "[80,http]", 4, "'http' is not a port"},
                    Refused{"Dash", "80-90", 0, "'80-90' is not a port"},
                    Refused{"Hex", "0x50", 0, "'0x50' is not"},
                    Refused{"OnlyColon", ":", 0, "a range without a port"},
                    Refused{"EndTooBig", "[1:70000]", 3, "'70000' is not a port"},
                    Refused{"TwoColons", "1:2:3", 2, "'2:3' is not a port"},
                    Refused{"Backwards", "[90:80]", 1, "'90:80' ends before it begins"},
                    Refused{"NotAny", "!any", 0, "'!any' leaves no port"},
                    Refused{"NotEveryPort", "![0:65535]", 0, "'![0:65535]' leaves no port"},
                    Refused{"AllTakenOut", "[80,!80]", 0, "'[80,!80]' leaves no port"},
                    Refused{"NotAVariableOfAll", "!$ALL", 0, "'!$ALL' leaves no port"},
                    Refused{"UnknownVariable", "$WEBS", 0,
                            "$WEBS is not defined, did you mean $WEB? (valid: $ALL, $LOOP, $WEB)"},
                    Refused{"AddressVariable", "$HOME", 0, "$HOME does not stand for ports"},
                    Refused{"Circle", "$LOOP", 0, "in $LOOP: $LOOP stands for itself: $LOOP -> $LOOP"},
                    Refused{"NotClosed", "[80", 0, "the '[' opened here is not closed"}),
    by_name);

}  // namespace
}  // namespace bansoko::rule
