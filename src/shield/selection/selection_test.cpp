// SPDX-License-Identifier: Apache-2.0
#include "shield/selection/selection.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "shield/selection/licence.h"
#include "tests/cases.h"

namespace bansoko::selection {
namespace {

std::string rule_text(std::uint32_t sid, std::string_view options = "", std::uint32_t rev = 1) {
  return fmt::format("alert tcp any any -> any any ({}sid:{}; rev:{};)", options, sid, rev);
}

struct Texts {
  std::string disable = {};
  std::string enable = {};
  std::string drop = {};
  std::string modify = {};
};

struct Case {
  const char* name;
  std::string rules;
  Texts choices;
  std::string expected;
};

Choices choices_of(const Texts& texts) {
  rule::Diagnostics told;
  Choices choices;
  choices.disable = MatcherList::parse(texts.disable, "disable.conf", told);
  choices.enable = MatcherList::parse(texts.enable, "enable.conf", told);
  choices.drop = MatcherList::parse(texts.drop, "drop.conf", told);
  choices.modify = parse_edits(texts.modify, "modify.conf", told);
  EXPECT_TRUE(told.empty());
  return choices;
}

class Selects : public testing::TestWithParam<Case> {};

TEST_P(Selects, Rules) {
  auto rules = parse_source_rules(GetParam().rules, "a.rules");
  rule::Diagnostics told;
  select(rules, choices_of(GetParam().choices), told);
  EXPECT_EQ(write_source_rules(GetParam().rules, rules), GetParam().expected);
}

const std::string kOne = rule_text(1) + "\n";
const std::string kBit = rule_text(1, "flowbits:isset,b; ") + "\n";

INSTANTIATE_TEST_SUITE_P(
    Selection, Selects,
    testing::Values(
        Case{"Nothing", kOne, {}, kOne}, Case{"Off", kOne, {.disable = "1"}, "# " + kOne},
        Case{"On", "#" + kOne, {.enable = "1"}, kOne},
        Case{"EnableOutranksDisable", kOne, {.disable = "1", .enable = "1"}, kOne},
        Case{"Drop", kOne, {.drop = "1"}, "drop" + kOne.substr(5)},
        Case{"DropOfOneThatIsOff", "#" + kOne, {.drop = "1"}, "# drop" + kOne.substr(5)},
        Case{"NoalertIsNotDropped",
             rule_text(1, "noalert; ") + "\n",
             {.drop = "*"},
             rule_text(1, "noalert; ") + "\n"},
        Case{"FlowbitsNoalertIsNotDropped",
             rule_text(1, "flowbits:noalert; ") + "\n",
             {.drop = "*"},
             rule_text(1, "flowbits:noalert; ") + "\n"},
        Case{"ModifyComesAfterDrop",
             kOne,
             {.drop = "1", .modify = "1 ^drop reject"},
             "reject" + kOne.substr(5)},
        Case{"HigherRevStays",
             kOne + rule_text(1, "", 2) + "\n",
             {},
             "# " + kOne + rule_text(1, "", 2) + "\n"},
        Case{"OfEqualOnesTheFirst", kOne + kOne, {}, kOne + "# " + kOne},
        Case{"DoublesStayOff", kOne + kOne, {.enable = "*"}, kOne + "# " + kOne},
        Case{"OtherGidIsAnotherRule",
             kOne + rule_text(1, "gid:2; ") + "\n",
             {},
             kOne + rule_text(1, "gid:2; ") + "\n"},
        Case{"Flowbit",
             kBit + "#" + rule_text(2, "flowbits:set,b; ") + "\n",
             {},
             kBit + rule_text(2, "flowbits:set,b; noalert; ") + "\n"},
        Case{"FlowbitOutranksDisable",
             kBit + rule_text(2, "flowbits:set,b; ") + "\n",
             {.disable = "2"},
             kBit + rule_text(2, "flowbits:set,b; noalert; ") + "\n"},
        Case{"FlowbitOfOneThatIsOff",
             "#" + kBit + "#" + rule_text(2, "flowbits:set,b; ") + "\n",
             {},
             "#" + kBit + "#" + rule_text(2, "flowbits:set,b; ") + "\n"},
        Case{"FlowbitOfAnother",
             kBit + "#" + rule_text(2, "flowbits:set,c; ") + "\n",
             {},
             kBit + "#" + rule_text(2, "flowbits:set,c; ") + "\n"},
        Case{"FlowbitThatIsSetAnyway",
             kBit + rule_text(2, "flowbits: set, b; ") + "\n",
             {},
             kBit + rule_text(2, "flowbits: set, b; ") + "\n"},
        Case{"FlowbitThroughAnother",
             kBit + "#" + rule_text(2, "flowbits:isset,c; flowbits:set,b; ") + "\n#" +
                 rule_text(3, "flowbits:set,c; ") + "\n",
             {},
             kBit + rule_text(2, "flowbits:isset,c; flowbits:set,b; noalert; ") + "\n" +
                 rule_text(3, "flowbits:set,c; noalert; ") + "\n"},
        Case{"FlowbitOfSeveral",
             rule_text(1, "flowbits:isset,a|b; ") + "\n#" + rule_text(2, "flowbits:toggle,b; ") + "\n",
             {},
             rule_text(1, "flowbits:isset,a|b; ") + "\n" + rule_text(2, "flowbits:toggle,b; noalert; ") +
                 "\n"},
        Case{"FlowbitIsnotset",
             rule_text(1, "flowbits:isnotset,b; ") + "\n#" + rule_text(2, "flowbits:unset,b; ") + "\n",
             {},
             rule_text(1, "flowbits:isnotset,b; ") + "\n" + rule_text(2, "flowbits:unset,b; noalert; ") +
                 "\n"},
        Case{"FlowbitsInARing",
             kBit + "#" + rule_text(2, "flowbits:isset,b; flowbits:set,b; ") + "\n",
             {},
             kBit + rule_text(2, "flowbits:isset,b; flowbits:set,b; noalert; ") + "\n"}),
    by_name);

TEST(Select, CountsAndTellsReasons) {
  const std::string text =
      rule_text(1) + "\n#" + rule_text(2) + "\n" + rule_text(3) + "\n" + rule_text(3) + "\n";
  auto rules = parse_source_rules(text, "a.rules");
  rule::Diagnostics told;
  const auto changes = select(
      rules, choices_of({.disable = "1", .enable = "2", .drop = "3", .modify = "3 any some\n2 sid cid"}),
      told);
  EXPECT_EQ(changes.disabled, 1U);
  EXPECT_EQ(changes.enabled, 1U);
  EXPECT_EQ(changes.dropped, 1U);
  EXPECT_EQ(changes.modified, 1U);
  EXPECT_EQ(changes.superseded, 1U);
  EXPECT_EQ(rules[0].reason, "disable.conf:1: 1");
  EXPECT_EQ(rules[1].reason, "enable.conf:1: 2");
  EXPECT_EQ(rules[2].edits, (std::vector<std::string>{"drop.conf:1: 3", "modify.conf:1: 3 any some"}));
  EXPECT_EQ(rules[3].reason, "a.rules:3 has the same number");
  ASSERT_EQ(told.size(), 1U);  // of the edit that would leave no sid
  EXPECT_EQ(told[0].line, 2U);
}

TEST(Select, AModificationThatSwitchesIsTheReason) {
  auto rules = parse_source_rules("# " + rule_text(1) + "\n", "a.rules");
  rule::Diagnostics told;
  select(rules, choices_of({.modify = "1 \"^# \" \"\""}), told);
  EXPECT_TRUE(rules[0].enabled);
  EXPECT_EQ(rules[0].reason, "modify.conf:1: 1 \"^# \" \"\"");
}

struct LicenceCase {
  const char* name;
  std::string text;
  std::vector<std::string> named;
};

class Licences : public testing::TestWithParam<LicenceCase> {};

TEST_P(Licences, Named) { EXPECT_EQ(licences_named(GetParam().text), GetParam().named); }

INSTANTIATE_TEST_SUITE_P(
    Selection, Licences,
    testing::Values(
        LicenceCase{"None", "All rights reserved", {}},
        LicenceCase{"OverLines", "# under the GNU\n#   General Public License Version 2\n", {"GPLv2"}},
        LicenceCase{"Two", "BSD License or GPLv2", {"GPLv2", "BSD"}},
        LicenceCase{"Mit", "The MIT License", {"MIT"}}, LicenceCase{"Cc0", "License: CC0-1.0", {"CC0"}},
        // The text of the GPL speaks of distribution that is not commercial, which is no term for use.
        LicenceCase{"GplText",
                    "GNU GENERAL PUBLIC LICENSE Version 2, June 1991 ... only for noncommercial distribution",
                    {"GPLv2"}}),
    by_name);

TEST(LeadingComments, EndWithTheFirstRule) {
  EXPECT_EQ(leading_comments("# a\n\n#b\nalert x\n# c"), "# a\n\n#b");
  EXPECT_EQ(leading_comments("alert x"), "");
  EXPECT_LT(leading_comments(std::string(100000, '#') + "\n# more").size(), 100001U);
}

}  // namespace
}  // namespace bansoko::selection
