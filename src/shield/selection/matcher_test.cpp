// SPDX-License-Identifier: Apache-2.0
#include "shield/selection/matcher.h"

#include <gtest/gtest.h>

#include "tests/cases.h"

namespace bansoko::selection {
namespace {

SourceRule sample() {
  auto rule = *parse_source_rule(
      "# alert http $EXTERNAL_NET any -> $HOME_NET any (msg:\"ET EXPLOIT Heartbleed MS17-010\"; "
      "metadata:deployment Perimeter, signature_severity Major, alone; gid:1; sid:2019401; rev:5;)");
  rule.file = "rules/emerging-exploit.rules";
  return rule;
}

struct Case {
  const char* name;
  std::string text;
  bool matches;
};

class Matches : public testing::TestWithParam<Case> {};

TEST_P(Matches, Sample) {
  const auto matcher = Matcher::parse(GetParam().text);
  ASSERT_TRUE(matcher) << matcher.error().message;
  pattern::Regex::Workspace workspace;
  EXPECT_EQ(matcher->matches(sample(), workspace), GetParam().matches);
}

INSTANTIATE_TEST_SUITE_P(
    Selection, Matches,
    testing::Values(Case{"Every", "*", true}, Case{"Sid", "2019401", true},
                    Case{"OtherSid", "2019402", false}, Case{"GidAndSid", "1:2019401", true},
                    Case{"OtherGid", "3:2019401", false}, Case{"Rev", "1:2019401:5", true},
                    Case{"OtherRev", "1:2019401:4", false}, Case{"Several", "1, 3:2,  2019401 , 4", true},
                    Case{"SeveralOthers", "1,3:2019401,4", false}, Case{"Expression", "re:heartBLEED", true},
                    Case{"ExpressionWithBlank", "re: ms(0[7-9]|17)-\\d+", true},
                    Case{"ExpressionElsewhere", "re:shellshock", false},
                    // Matched is the rule alone, without the sign that switches it off.
                    Case{"ExpressionAnchored", "re:^alert http", true},
                    Case{"ExpressionOfSign", "re:^#", false},
                    Case{"Group", "group:emerging-exploit.rules", true},
                    Case{"GroupBare", "group: emerging-exploit", true},
                    Case{"GroupGlob", "group:*exploit*", true},
                    Case{"GroupWithPath", "group:rules/emerging-exploit", false},
                    Case{"GroupCase", "group:Emerging-Exploit", false},
                    Case{"GroupUnnamed", "emerging-exploit.rules", true},
                    Case{"GroupUnnamedOther", "exploit.rules", false},
                    Case{"Filename", "filename:rules/emerging-exploit.rules", true},
                    Case{"FilenameGlob", "filename:*/emerging-exploit.rules", true},
                    Case{"StarGoesOverSlashes", "filename:r*t.rules", true},
                    Case{"FilenameWithoutPath", "filename:emerging-exploit.rules", false},
                    Case{"Set", "group:emerging-[de]xploit", true},
                    Case{"SetNegated", "group:emerging-[!e]xploit", false},
                    Case{"Metadata", "metadata: deployment perimeter", true},
                    Case{"MetadataCase", "metadata:DEPLOYMENT  PERIMETER", true},
                    Case{"MetadataOther", "metadata: deployment datacenter", false},
                    Case{"MetadataPart", "metadata: deployment perim", false},
                    Case{"MetadataWithoutValue", "metadata: alone x", false},
                    Case{"Multi", "multi:group:emerging-exploit;re:heartbleed;", true},
                    Case{"MultiOneFails", "multi:group:emerging-exploit;re:shellshock;", false}),
    by_name);

class Refused : public testing::TestWithParam<Case> {};

TEST_P(Refused, ToParse) { EXPECT_FALSE(Matcher::parse(GetParam().text)); }

INSTANTIATE_TEST_SUITE_P(
    Selection, Refused,
    testing::Values(Case{"Word", "heartbleed", false}, Case{"SidWithLetters", "1a", false},
                    Case{"GidOfLetters", "a:1", false}, Case{"FourNumbers", "1:2:3:4", false},
                    Case{"SidTooLarge", "4294967296", false}, Case{"Negative", "-1", false},
                    Case{"TrailingComma", "1,2,", false}, Case{"Expression", "re:(open", false},
                    Case{"MetadataKeyAlone", "metadata: deployment", false},
                    Case{"MultiEmpty", "multi:;", false}, Case{"MultiPart", "multi:1;what", false},
                    Case{"Empty", "", false}),
    by_name);

TEST(MatcherList, TellsWhichLineItWas) {
  rule::Diagnostics told;
  const auto list = MatcherList::parse("# comment\n\n  2019401 # trailing\nre:heartbleed\nwhat\n1:7\n",
                                       "/etc/bansoko/disable.conf", told);
  ASSERT_NE(list.find(sample()), nullptr);
  EXPECT_EQ(*list.find(sample()), "disable.conf:3: 2019401");
  auto other = sample();
  other.sid = 5;
  EXPECT_EQ(*list.find(other), "disable.conf:4: re:heartbleed");
  other.text = "alert";
  EXPECT_EQ(list.find(other), nullptr);
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].line, 5U);
  EXPECT_EQ(told[0].severity, rule::Severity::warning);
}

TEST(MatcherList, OfNothingFindsNothing) {
  rule::Diagnostics told;
  EXPECT_TRUE(MatcherList::parse("# nothing\n", "x", told).empty());
  EXPECT_TRUE(told.empty());
}

}  // namespace
}  // namespace bansoko::selection
