// SPDX-License-Identifier: Apache-2.0
#include "shield/rule/rule_words.h"

#include <gtest/gtest.h>

#include "tests/cases.h"

namespace bansoko::rule {
namespace {

struct Case {
  const char* name;
  std::string options;
  std::vector<std::string> words;
};

class RuleWords : public testing::TestWithParam<Case> {};

TEST_P(RuleWords, Are) {
  Diagnostics faults;
  const auto rules =
      parse_rules("alert tcp any any -> any any (" + GetParam().options + " sid:1;)", "x", {}, faults);
  ASSERT_EQ(rules.size(), 1U);
  const OptionLookup lookup{.is_buffer = [](std::string_view name) { return name == "http.uri"; },
                            .help =
                                [](std::string_view name) {
                                  return std::string_view(name == "dsize" ? "size of the payload" : "");
                                }};
  EXPECT_EQ(rule_words(rules[0].options, lookup), GetParam().words);
}

using Words = std::vector<std::string>;

INSTANTIATE_TEST_SUITE_P(
    Rule, RuleWords,
    testing::Values(
        Case{"Describing", "msg:\"x\"; reference:cve,1; classtype:x; metadata:a b; rev:1;", {}},
        Case{"Content", "content:\"a\";", {"payload holds \"a\""}},
        Case{"Negated", "content:!\"a\"; nocase;", {"payload does not hold \"a\", whatever the case"}},
        Case{"Where",
             "content:\"a\"; offset:3; depth:5; content:\"b\"; distance:1; within:9;",
             {"payload holds \"a\", from byte 3 on, within 5 bytes from there",
              "payload holds \"b\", 1 bytes or more behind the match before, ending within 9 bytes behind "
              "the match "
              "before"}},
        Case{"Buffer",
             "content:\"a\"; http.uri; content:\"b\"; startswith; fast_pattern; pcre:\"/c/R\";",
             {"payload holds \"a\"", "http.uri holds \"b\", at its beginning", "http.uri matches \"/c/R\""}},
        Case{"OldModifier",
             "content:\"a\"; http_uri; content:\"b\"; endswith;",
             {"http.uri holds \"a\"", "payload holds \"b\", at its end"}},
        Case{"OldBuffer", "file_data; pcre:!\"/c/\";", {"file.data does not match \"/c/\""}},
        Case{"Flow", "flow:established, to_server;", {"the connection is established, sent by the client"}},
        Case{"FlowUnknown", "flow:sideways;", {"sideways"}},
        Case{"Flowbits",
             "flowbits:isset,a|b; flowbits:set,c; flowbits:noalert;",
             {"the flow has the mark a|b", "marks the flow c", "no event is written"}},
        Case{"General",
             "dsize:>5; what:3; alone;",
             {"dsize:>5 (size of the payload)", "what:3 (not an option of this engine)",
              "alone (not an option of this engine)"}},
        Case{"BehindSomethingElseAModifierIsAnOption",
             "content:\"a\"; dsize:5; nocase;",
             {"payload holds \"a\"", "dsize:5 (size of the payload)",
              "nocase (not an option of this engine)"}}),
    by_name);

}  // namespace
}  // namespace bansoko::rule
