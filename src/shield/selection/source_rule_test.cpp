// SPDX-License-Identifier: Apache-2.0
#include "shield/selection/source_rule.h"

#include <gtest/gtest.h>

#include "tests/cases.h"

namespace bansoko::selection {
namespace {

constexpr const char* kRule = "alert tcp any any -> any 80 (msg:\"a; b\"; sid:7; rev:3;)";

struct Case {
  const char* name;
  std::string line;
  bool is_rule;
  bool enabled = false;
  std::uint32_t sid = 0;
};

class SourceRuleOf : public testing::TestWithParam<Case> {};

TEST_P(SourceRuleOf, Line) {
  const auto rule = parse_source_rule(GetParam().line);
  ASSERT_EQ(rule.has_value(), GetParam().is_rule);
  if (!rule) return;
  EXPECT_EQ(rule->enabled, GetParam().enabled);
  EXPECT_EQ(rule->sid, GetParam().sid);
}

INSTANTIATE_TEST_SUITE_P(
    Selection, SourceRuleOf,
    testing::Values(
        Case{"On", kRule, true, true, 7}, Case{"Off", "#" + std::string(kRule), true, false, 7},
        Case{"OffWithBlanks", "  ## # " + std::string(kRule) + " ", true, false, 7},
        Case{"OfAnotherEngine", "# sdrop tcp any any -> any any (sid:8;)", true, false, 8},
        Case{"WithoutAddresses", "alert http (sid:9;)", true, true, 9},
        Case{"UnknownAction", "alarm tcp any any -> any any (sid:9;)", true, true, 9},
        Case{"WithoutSid", "alert tcp any any -> any any (msg:\"x\";)", true, true, 0},
        Case{"SidOfLetters", "alert tcp any any -> any any (sid:x;)", true, true, 0},
        Case{"BrokenOptions", "alert tcp any any -> any any (content \"x\"; sid:9;)", true, true, 9},
        Case{"Snort3", "# alert tcp any any -> any any ( content:\"a;b\",depth 16; sid:9; rev:14; )", true,
             false, 9},
        Case{"Nonsense", "hello", true, true, 0}, Case{"Blank", " \t", false},
        Case{"Comment", "# alert, a word", false},
        Case{"CommentWithParenthesis", "# alert those (who read) this", false},
        Case{"CommentWithoutSid", "# alert tcp any any -> any any (msg:\"x\";)", false},
        Case{"CommentedNonsense", "# alarm tcp any any -> any any (sid:9;)", false},
        Case{"OnlySigns", "####", false}, Case{"Empty", "", false}),
    by_name);

TEST(SourceRule, SaysWhatItSays) {
  const auto rule = parse_source_rule(
      "# alert http any any -> any any (msg:\"say \\\"hi\\\"; now\"; flowbits:set,a|b; flowbits:noalert; "
      "reference:cve,2021-44228; metadata:deployment Perimeter, tag x; metadata:cve CVE_2021_1; "
      "classtype:bad-unknown; gid:3; sid:12; rev:4;)");
  ASSERT_TRUE(rule);
  EXPECT_EQ(rule->action, "alert");
  EXPECT_EQ(rule->protocol, "http");
  EXPECT_EQ(rule->message, "say \\\"hi\\\"; now");
  EXPECT_EQ(rule->flowbits, (std::vector<std::string>{"set,a|b", "noalert"}));
  EXPECT_EQ(rule->references, std::vector<std::string>{"cve,2021-44228"});
  EXPECT_EQ(rule->metadata, (std::vector<std::string>{"deployment Perimeter", "tag x", "cve CVE_2021_1"}));
  EXPECT_EQ(rule->classtype, "bad-unknown");
  EXPECT_TRUE(rule->noalert);
  EXPECT_EQ(rule->gid, 3U);
  EXPECT_EQ(rule->rev, 4U);
}

constexpr const char* kFile =
    "# A heading.\n"
    "\n"
    "alert tcp any any -> any 1 (sid:1;)\r\n"
    "# alert tcp any any -> any 2 (sid:2;)\n"
    "alert tcp any any -> any 3 \\\n"
    "  (content:\"x\"; \\\n"
    "  sid:3;)\n"
    "#alert tcp any any -> any 4 \\\n"
    "  (sid:4;)\n"
    "alert tcp any any -> any 5 (sid:5;)";

TEST(SourceRules, HaveTheirPlaces) {
  const auto rules = parse_source_rules(kFile, "rules/a.rules");
  ASSERT_EQ(rules.size(), 5U);
  const std::vector<std::uint32_t> lines{3, 4, 5, 8, 10};
  for (std::size_t i = 0; i < rules.size(); ++i) {
    EXPECT_EQ(rules[i].sid, i + 1);
    EXPECT_EQ(rules[i].line, lines[i]);
    EXPECT_EQ(rules[i].file, "rules/a.rules");
  }
  EXPECT_EQ(rules[2].lines, 3U);
  EXPECT_FALSE(rules[3].enabled);
}

TEST(SourceRules, WhatDidNotChangeStaysAsWritten) {
  auto rules = parse_source_rules(kFile, "a.rules");
  std::string expected(kFile);
  expected.erase(expected.find('\r'), 1);
  EXPECT_EQ(write_source_rules(kFile, rules), expected + "\n");
}

TEST(SourceRules, WhatChangedStandsOnOneLine) {
  auto rules = parse_source_rules(kFile, "a.rules");
  rules[2].enabled = false;
  rules[3].enabled = true;
  const std::string written = write_source_rules(kFile, rules);
  const auto again = parse_source_rules(written, "a.rules");
  ASSERT_EQ(again.size(), 5U);
  EXPECT_FALSE(again[2].enabled);
  EXPECT_TRUE(again[3].enabled);
  EXPECT_NE(written.find("# alert tcp any any -> any 3   (content:\"x\";   sid:3;)\n"), std::string::npos)
      << written;
  for (std::size_t i = 0; i < again.size(); ++i) EXPECT_EQ(again[i].line, rules[i].line);
  EXPECT_NE(written.find("# A heading.\n\n"), std::string::npos);
}

}  // namespace
}  // namespace bansoko::selection
