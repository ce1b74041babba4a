// SPDX-License-Identifier: Apache-2.0
#include "shield/selection/rule_edit.h"

#include <gtest/gtest.h>

#include "tests/cases.h"

namespace bansoko::selection {
namespace {

constexpr const char* kRule =
    "alert tcp any any -> $HOME_NET 80 (msg:\"x\"; content:\"|0d 0a|GET\"; threshold: seconds 60; sid:7; "
    "rev:3;)";

struct Case {
  const char* name;
  std::string line;
  std::string before;
  std::string after;
};

class Edits : public testing::TestWithParam<Case> {};

TEST_P(Edits, Rule) {
  const auto edit = RuleEdit::parse(GetParam().line);
  ASSERT_TRUE(edit) << edit.error().message;
  auto rule = *parse_source_rule(GetParam().before);
  pattern::Regex::Workspace workspace;
  ASSERT_TRUE(edit->matches(rule, workspace));
  const auto done = edit->apply(rule);
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_EQ(to_line(rule), GetParam().after);
}

std::string with(std::string_view from, std::string_view to) {
  std::string text(kRule);
  return text.replace(text.find(from), from.size(), to);
}

INSTANTIATE_TEST_SUITE_P(
    Selection, Edits,
    testing::Values(
        Case{"Number", R"(7 "seconds \d+" "seconds 3600")", kRule, with("seconds 60", "seconds 3600")},
        Case{"Action", "re:. ^alert drop", kRule, with("alert", "drop")},
        // Python's re.sub works on the line, so an anchor does not see the rule behind a '#'.
        Case{"ActionOfOneThatIsOff", "re:. ^alert drop", std::string("# ") + kRule,
             std::string("# ") + kRule},
        Case{"SwitchesOn", "7 \"^# \" \"\"", std::string("#") + kRule, kRule},
        Case{"Groups", R"(re:x "^(alert)(.*)any any" "drop\\2any 1024:")", kRule,
             with("alert tcp any any", "drop tcp any 1024:")},
        Case{"Oinkmaster", R"(modifysid * "^alert(.*)sid" | "drop${1}sid")", kRule, with("alert", "drop")},
        Case{"Pipes", R"(7 "\|0d 0a\|" "|ff ff|")", kRule, with("|0d 0a|", "|ff ff|")},
        // One backslash before a dollar sign is taken away, as Oinkmaster's files need it.
        Case{"Dollar", R"(7 "\$HOME_NET" "$HTTP_SERVERS")", kRule, kRule},
        Case{"DollarEscaped", R"(7 "\\$HOME_NET" "$HTTP_SERVERS")", kRule,
             with("$HOME_NET", "$HTTP_SERVERS")},
        Case{"DollarInBrackets", R"(7 "[$]HOME_NET" "$HTTP_SERVERS")", kRule,
             with("$HOME_NET", "$HTTP_SERVERS")},
        Case{"MetadataAdd", "metadata-add 7 my.key \"my value\"", kRule,
             with("rev:3;)", "rev:3; metadata: my.key my value;)")}),
    by_name);

class EditRefused : public testing::TestWithParam<std::pair<const char*, const char*>> {};

TEST_P(EditRefused, ToParse) { EXPECT_FALSE(RuleEdit::parse(GetParam().second)); }

INSTANTIATE_TEST_SUITE_P(Selection, EditRefused,
                         testing::Values(std::pair("TwoWords", "7 a"), std::pair("FourWords", "7 a b c"),
                                         std::pair("OpenQuote", "7 a \"b"), std::pair("Match", "what a b"),
                                         std::pair("Expression", "7 (a b"),
                                         std::pair("Group", "7 a \"\\\\1\""),
                                         std::pair("Oinkmaster", "modifysid 7 a b"),
                                         std::pair("Metadata", "metadata-add 7 key")),
                         [](const auto& row) { return std::string(row.param.first); });

TEST(RuleEdit, ThatLeavesNoRuleChangesNothing) {
  for (const char* line : {"* sid cid", "* ^alert alarm", "* \".*\" \"\"", "* \"\\)$\" \"\""}) {
    const auto edit = RuleEdit::parse(line);
    ASSERT_TRUE(edit) << line;
    auto rule = *parse_source_rule(kRule);
    EXPECT_FALSE(edit->apply(rule)) << line;
    EXPECT_EQ(to_line(rule), kRule);
  }
}

TEST(RuleEdit, RemembersTheTextAsShipped) {
  auto rule = *parse_source_rule(kRule);
  make_drop(rule);
  EXPECT_EQ(to_line(rule), with("alert", "drop"));
  EXPECT_EQ(rule.shipped_text, kRule);
  ASSERT_TRUE(RuleEdit::parse("* drop pass")->apply(rule));
  EXPECT_EQ(rule.action, "pass");
  EXPECT_EQ(rule.shipped_text, kRule);
}

TEST(RuleEdit, SilenceIsPutInOnce) {
  auto rule = *parse_source_rule(kRule);
  make_silent(rule);
  make_silent(rule);
  EXPECT_EQ(to_line(rule), with("sid:7;", "noalert; sid:7;"));
}

TEST(ParseEdits, TellsFaultsAsErrors) {
  rule::Diagnostics told;
  const auto edits = parse_edits("# x\n7 a b\n7 a\n", "/etc/modify.conf", told);
  ASSERT_EQ(edits.size(), 1U);
  EXPECT_EQ(edits[0].place, "modify.conf:2: 7 a b");
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].line, 3U);
  EXPECT_EQ(count_errors(told), 1U);
}

}  // namespace
}  // namespace bansoko::selection
