// SPDX-License-Identifier: Apache-2.0
#include "shield/rule/rule_text.h"

#include <gmock/gmock.h>

#include "tests/cases.h"

namespace bansoko::rule {
namespace {

using std::string_literals::operator""s;

std::vector<std::string> values_of(const RuleText& rule) {
  std::vector<std::string> values;
  for (const Option& option : rule.options)
    values.push_back(option.name + (option.has_value ? "=" + option.value : ""));
  return values;
}

struct Accepted {
  std::string_view name;
  std::string text;
  std::vector<std::string> options;
};

class RuleAccepts : public testing::TestWithParam<Accepted> {};

TEST_P(RuleAccepts, Options) {
  Diagnostics faults;
  const auto rules = parse_rules(GetParam().text, "r", default_variables(), faults);
  ASSERT_TRUE(faults.empty()) << to_text(faults.front());
  ASSERT_EQ(rules.size(), 1U);
  EXPECT_THAT(values_of(rules[0]), testing::ElementsAreArray(GetParam().options));
}

const auto kHead = "alert tcp any any -> any any "s;

INSTANTIATE_TEST_SUITE_P(
    Rule, RuleAccepts,
    testing::Values(
        Accepted{"Least", kHead + "(sid:1;)", {"sid=1"}},
        Accepted{"NoBlankBeforeParenthesis", "alert tcp any any -> any any(sid:1;)", {"sid=1"}},
        Accepted{"LargestSid", kHead + "(sid:4294967295;)", {"sid=4294967295"}},
        Accepted{
            "Blanks", "\t alert\ttcp  any any -> any  any  ( nocase ; sid : 1 ; ) \t", {"nocase", "sid=1"}},
        Accepted{"BlanksInLists", "alert tcp [1.2.3.4, 5.6.7.8] [80, 81] -> any any (sid:1;)", {"sid=1"}},
        Accepted{"Quoted", kHead + R"((msg:"a b"; sid:1;))", {R"(msg="a b")", "sid=1"}},
        Accepted{"Negated",
                 kHead + R"((content:!"a"; content: ! "b"; sid:1;))",
                 {R"(content=!"a")", R"(content=! "b")", "sid=1"}},
        Accepted{"SemicolonInQuotes", kHead + "(msg:\"a;b)\"; sid:1;)", {"msg=\"a;b)\"", "sid=1"}},
        Accepted{"EscapedSemicolon",
                 kHead + R"((content:"a\;b"; metadata:a\;b; sid:1;))",
                 {R"(content="a\;b")", R"(metadata=a\;b)", "sid=1"}},
        Accepted{"EscapedQuote", kHead + R"((content:"a\"; b"; sid:1;))", {R"(content="a\"; b")", "sid=1"}},
        Accepted{"EscapedBackslashAtEnd",
                 kHead + R"((content:"a\\"; content:"\:"; sid:1;))",
                 {R"(content="a\\")", R"(content="\:")", "sid=1"}},
        Accepted{"QuoteInUnquotedValue",
                 kHead + R"((reference:url,a"b; sid:1;))",
                 {R"(reference=url,a"b)", "sid=1"}},
        Accepted{"BareQuotesInRegex",
                 kHead + R"((pcre:"/^["']a(%22|")b/R"; sid:1;))",
                 {R"(pcre="/^["']a(%22|")b/R")", "sid=1"}},
        Accepted{"ParenthesesInValue",
                 kHead + "(reference:url,a.b/c_(d); sid:1;)",
                 {"reference=url,a.b/c_(d)", "sid=1"}},
        Accepted{"ColonInValue",
                 kHead + "(byte_test:4,>,5,0; threshold:type limit, track by_src; sid:1;)",
                 {"byte_test=4,>,5,0", "threshold=type limit, track by_src", "sid=1"}},
        Accepted{"DottedName",
                 kHead + "(http.uri.raw; tcp-flags; sid:1;)",
                 {"http.uri.raw", "tcp-flags", "sid=1"}},
        Accepted{"BytesAboveAscii",
                 kHead + "(msg:\"\xE7\xB5\x86\xFF\"; sid:1;)",
                 {"msg=\"\xE7\xB5\x86\xFF\"", "sid=1"}},
        Accepted{"CommentsAndBlankLines", "# c\n\n  # d \\\n" + kHead + "(sid:1;)\n#e", {"sid=1"}},
        Accepted{"DosLines", "# c\r\n\r\n" + kHead + "(sid:1;)\r\n", {"sid=1"}},
        Accepted{"ByteOrderMark", "\xEF\xBB\xBF" + kHead + "(sid:1;)", {"sid=1"}},
        Accepted{"Continued", kHead + "( \\\n  msg:\"a\"; \\\r\n  sid:1;\\ \n)", {"msg=\"a\"", "sid=1"}},
        Accepted{"ContinuedInAWord", kHead + "(no\\\ncase; sid:1;)", {"nocase", "sid=1"}},
        Accepted{"ContinuedFromNothing", " \\\n" + kHead + "(sid:1;)", {"sid=1"}},
        Accepted{"LongestRule",
                 kHead + "(msg:\"" + std::string(kMaxRuleBytes - kHead.size() - 16, 'a') + "\"; sid:1;)",
                 {"msg=\"" + std::string(kMaxRuleBytes - kHead.size() - 16, 'a') + "\"", "sid=1"}}),
    by_name);

struct Refused {
  std::string_view name;
  std::string text;
  std::uint32_t line, column;
  std::string_view message;
};

class RuleRefuses : public testing::TestWithParam<Refused> {};

/// The rule behind a faulty one is always read.
TEST_P(RuleRefuses, Text) {
  Diagnostics faults;
  const auto rules = parse_rules(GetParam().text + "\ndrop udp any any -> any any (sid:7;)", "r",
                                 default_variables(), faults);
  ASSERT_EQ(faults.size(), 1U);
  EXPECT_EQ(faults[0].file, "r");
  EXPECT_EQ(faults[0].line, GetParam().line);
  EXPECT_EQ(faults[0].column, GetParam().column) << faults[0].message;
  EXPECT_EQ(faults[0].severity, Severity::error);
  EXPECT_THAT(faults[0].message, testing::StartsWith(std::string(GetParam().message)));
  EXPECT_FALSE(faults[0].valid.empty());
  ASSERT_EQ(rules.size(), 1U);
  EXPECT_EQ(rules[0].protocol, "udp");
}

INSTANTIATE_TEST_SUITE_P(
    Header, RuleRefuses,
    testing::Values(Refused{"UnknownAction", "aler tcp any any -> any any (sid:1;)", 1, 1,
                            "unknown action 'aler', did you mean 'alert'?"},
                    Refused{"FarAction", "\n  hello", 2, 3, "unknown action 'hello'"},
                    Refused{"OnlyAction", "alert", 1, 6, "the rule ends where the protocol should be"},
                    Refused{"OnlyOptions", "(sid:1;)", 1, 1, "'(' stands where the action should be"},
                    Refused{"NoDestination", "alert tcp any any ->", 1, 21,
                            "the rule ends where the destination address should be"},
                    Refused{"NoDestinationPorts", "alert tcp any any -> any (sid:1;)", 1, 26,
                            "'(' stands where the destination ports should be"},
                    Refused{"NoSourcePorts", "alert tcp any -> any any (sid:1;)", 1, 15,
                            "'->' stands where the source ports should be"},
                    Refused{"BadSource", "alert tcp 1.2.3 any -> any any (sid:1;)", 1, 11,
                            "source address: '1.2.3' is not an address"},
                    Refused{"BadSourceInList", "alert tcp [1.2.3.4, 1.2.3] any -> any any (sid:1;)", 1, 21,
                            "source address: '1.2.3' is not an address"},
                    Refused{"BadSourcePort", "alert tcp any 65536 -> any any (sid:1;)", 1, 15,
                            "source ports: '65536' is not a port"},
                    Refused{"BadDestination", "alert tcp any any -> $HOM_NET any (sid:1;)", 1, 22,
                            "destination address: $HOM_NET is not defined, did you mean $HOME_NET?"},
                    Refused{"BadDestinationPort", "alert tcp any any -> any [80,x] (sid:1;)", 1, 30,
                            "destination ports: 'x' is not a port"},
                    Refused{"EmptyByItself", "alert tcp !any any -> any any (sid:1;)", 1, 11,
                            "source address: '!any' leaves no address"},
                    Refused{"ListNotClosed", "alert tcp [1.2.3.4,[::1] any -> any any (sid:1;)", 1, 11,
                            "source address: the '[' opened here is not closed"},
                    Refused{"LeftArrow", "alert tcp any any <- any any (sid:1;)", 1, 19,
                            "'<-' is not a direction: swap the two sides"},
                    Refused{"DoubleArrow", "alert tcp any any => any any (sid:1;)", 1, 19,
                            "'=>' (rules on whole transactions) is not supported"},
                    Refused{"LongArrow", "alert tcp any any --> any any (sid:1;)", 1, 19,
                            "'-->' is not a direction"},
                    Refused{"NoParenthesis", "alert tcp any any -> any any", 1, 29,
                            "the '(' before the options is missing"},
                    Refused{"NoParenthesisButOptions", "alert tcp any any -> any any sid:1;)", 1, 30,
                            "'sid:1;)' stands where the '(' before the options should be"}),
    by_name);

INSTANTIATE_TEST_SUITE_P(
    Options, RuleRefuses,
    testing::Values(
        Refused{"NoSid", kHead + "(msg:\"a\";)", 1, 39, "the rule has no sid"},
        Refused{"NoOptions", kHead + "()", 1, 31, "the rule has no sid"},
        Refused{"SidIsAWord", kHead + "(sid:a;)", 1, 35, "sid: 'a' is not a rule's number"},
        Refused{"SidZero", kHead + "(sid: 0;)", 1, 36, "sid: '0' is not a rule's number"},
        Refused{"SidNegative", kHead + "(sid:-1;)", 1, 35, "sid: '-1' is not a rule's number"},
        Refused{"SidTooBig", kHead + "(sid:4294967296;)", 1, 35, "sid: '4294967296' is not a rule's number"},
        Refused{"SidWithMore", kHead + "(sid:1 rev:2;)", 1, 35, "sid: '1 rev:2' is not a rule's number"},
        Refused{"SidWithoutValue", kHead + "(sid;)", 1, 31, "sid without a number"},
        Refused{"SidTwice", kHead + "(sid:1; sid:1;)", 1, 38, "a second sid"},
        Refused{"NoEnd", kHead + "(sid:1;", 1, 37, "the ')' that ends the rule is missing"},
        Refused{"NothingBehindParenthesis", kHead + "(", 1, 31, "the ')' that ends the rule is missing"},
        Refused{"TextBehind", kHead + "(sid:1;) # why", 1, 39, "text after the ')' that ends the rule"},
        Refused{"SecondEnd", kHead + "(sid:1;))", 1, 38, "text after the ')' that ends the rule"},
        Refused{"NoName", kHead + "(sid:1;;)", 1, 37, "an option without a name"},
        Refused{"NoNameButValue", kHead + "(:1;)", 1, 31, "an option without a name"},
        Refused{"NameOfSigns", kHead + "(!nocase; sid:1;)", 1, 31, "'!' cannot begin an option's name"},
        Refused{"NoValue", kHead + "(sid:1; msg:;)", 1, 42, "'msg:' without a value"},
        Refused{"QuoteNotClosed", kHead + "(msg:\"a; sid:1;)", 1, 35, "the quote opened here is not closed"},
        Refused{"QuoteEscaped", kHead + R"((content:"a\"; sid:1;))", 1, 39,
                "the quote opened here is not closed"},
        Refused{"NoSemicolonBehindQuote", kHead + "(msg:\"a\" sid:1;)", 1, 38,
                "the ';' after 'msg' is missing"},
        Refused{"NoSemicolonBehindRegex", kHead + "(pcre:\"/a/\" sid:1;)", 1, 41,
                "the ';' after 'pcre' is missing"},
        Refused{"CommaBehindQuote", kHead + "(content:\"a\",nocase; sid:1;)", 1, 42,
                "the ';' after 'content' is missing"},
        Refused{"NoSemicolonAtEnd", kHead + "(sid:1)", 1, 36, "the ';' after 'sid' is missing"},
        Refused{"NoSemicolonBehindName", kHead + "(nocase sid:1;)", 1, 37,
                "the ';' after 'nocase' is missing"},
        Refused{"NameAtEnd", kHead + "(sid:1; nocase)", 1, 44, "the ';' after 'nocase' is missing"},
        Refused{"CutInAValue", kHead + "(sid:", 1, 35, "the ';' after 'sid' is missing"}),
    by_name);

INSTANTIATE_TEST_SUITE_P(
    Lines, RuleRefuses,
    testing::Values(Refused{"SecondLine", "# c\r\n" + kHead + "(sid:x;)", 2, 35, "sid: 'x'"},
                    Refused{"BehindByteOrderMark",
                            "\xEF\xBB\xBF"
                            "alrt tcp",
                            1, 1, "unknown action 'alrt'"},
                    Refused{"OnAContinuedLine", kHead + "( \\\n   msg:\"a\"; \\\n  sid:x;)", 3, 7,
                            "sid: 'x'"},
                    Refused{"StrayBackslash", kHead + "(sid:1;) \\", 1, 39,
                            "the backslash continues the line, but the next line begins another"},
                    Refused{"StrayBackslashInFault", kHead + "(sid:1; \\", 1, 38,
                            "the backslash continues the line, but the next line begins another"},
                    Refused{"BackslashAlone", "\\\n", 1, 1, "a backslash without a rule"},
                    Refused{"Nul", kHead + "(sid:\0001;)"s, 1, 35, "a NUL byte"},
                    Refused{"TooLong", kHead + "(msg:\"" + std::string(kMaxRuleBytes, 'a') + "\"; sid:1;)", 1,
                            kMaxRuleBytes + 1, "the rule is longer than 65536 bytes"}),
    by_name);

TEST(Rules, EveryFaultOfAHeaderIsTold) {
  Diagnostics faults;
  parse_rules("alert tcp x y ?? z w (;)", "r", default_variables(), faults);
  std::vector<std::uint32_t> columns;
  for (const auto& fault : faults) columns.push_back(fault.column);
  EXPECT_THAT(columns, testing::ElementsAre(11, 13, 15));  // behind an unknown direction nothing is sure
}

TEST(Rules, BackslashOnTheLastLine) {
  Diagnostics faults;
  EXPECT_TRUE(parse_rules(kHead + "(sid:1;) \\", "r", default_variables(), faults).empty());
  ASSERT_EQ(faults.size(), 1U);
  EXPECT_EQ(faults[0].message, "the backslash continues the line, but the file ends here");
}

TEST(Rules, OneSidedRejectIsTakenWithAWarning) {
  Diagnostics faults;
  const auto rules = parse_rules(
      "rejectsrc tcp any any -> any any (sid:1;)\nrejectdst tcp any any -> any any (sid:2;)\n"
      "rejectboth tcp any any -> any any (sid:3;)\nREJECT tcp any any -> any any (sid:4;)\n",
      "r", default_variables(), faults);
  ASSERT_EQ(rules.size(), 4U);
  for (const RuleText& rule : rules) EXPECT_EQ(name_of(rule.action), "reject");
  ASSERT_EQ(faults.size(), 2U);
  EXPECT_EQ(to_text(faults[1]),
            "r:2:1: warning: 'rejectdst' is taken as 'reject': both ends are told (valid: reject)");
}

TEST(Rules, HeaderIsUnderstood) {
  Diagnostics faults;
  const auto rules = parse_rules("\n pass http1 10.0.0.0/8 1024: <> !10.0.0.1 $HTTP_PORTS (sid:1;) ",
                                 "web.rules", default_variables(), faults);
  ASSERT_EQ(rules.size(), 1U);
  const RuleText& rule = rules[0];
  EXPECT_EQ(rule.file, "web.rules");
  EXPECT_EQ(rule.line, 2U);
  EXPECT_EQ(rule.action, Action::pass);
  EXPECT_EQ(rule.protocol, "http1");
  EXPECT_EQ(rule.protocol_column, 7U);
  EXPECT_TRUE(rule.both_directions);
  EXPECT_TRUE(rule.source.contains(packet::Address::v4(10, 9, 9, 9)));
  EXPECT_FALSE(rule.dest.contains(packet::Address::v4(10, 0, 0, 1)));
  EXPECT_TRUE(rule.source_ports.contains(1024));
  EXPECT_EQ(rule.dest_ports, PortSet({{80, 80}}));
  EXPECT_EQ(rule.options[0].name_column, 56U);
  EXPECT_EQ(rule.options[0].value_column, 60U);
  EXPECT_EQ(rule.text, "pass http1 10.0.0.0/8 1024: <> !10.0.0.1 $HTTP_PORTS (sid:1;)");
}

TEST(Rules, NothingOutsideOfAnyWarnsButAVariableForNothingFails) {
  Diagnostics faults;
  auto variables = default_variables();
  const auto text =
      "alert tcp !$HOME_NET any -> any any (sid:1;)\nalert tcp $EXTERNAL_NET any -> any any (sid:2;)\n";
  variables.addresses["EXTERNAL_NET"] = "!$HOME_NET";
  const auto rules = parse_rules(text, "r", variables, faults);
  ASSERT_EQ(rules.size(), 1U);
  EXPECT_FALSE(rules[0].source.contains(packet::Address::v4(10, 0, 0, 1)));
  ASSERT_EQ(faults.size(), 2U);
  EXPECT_EQ(
      to_text(faults[0]),
      "r:1:11: warning: source address: '!$HOME_NET' leaves no address: what it negates is every address: "
      "the rule can never match (valid: a list in which at least one address remains)");
  EXPECT_EQ(
      to_text(faults[1]),
      "r:2:11: error: source address: in $EXTERNAL_NET: '!$HOME_NET' leaves no address: what it negates is "
      "every address (valid: a list in which at least one address remains)");
}

struct Quotes {
  std::string_view name, value;
  bool negated;
  std::string_view text;
};

class Unquotes : public testing::TestWithParam<Quotes> {};

TEST_P(Unquotes, Value) {
  const auto quoted = unquote(GetParam().value);
  ASSERT_TRUE(quoted) << quoted.error().message;
  EXPECT_EQ(quoted->negated, GetParam().negated);
  EXPECT_EQ(quoted->text, GetParam().text);
}

INSTANTIATE_TEST_SUITE_P(Rule, Unquotes,
                         testing::Values(Quotes{"Plain", R"("a b")", false, "a b"},
                                         Quotes{"Negated", R"(!"a")", true, "a"},
                                         Quotes{"NegatedAndBlanks", R"( ! "a" )", true, "a"},
                                         Quotes{"Empty", R"("")", false, ""},
                                         Quotes{"Escapes", R"("a\"\;\\")", false, R"(a\"\;\\)"},
                                         Quotes{"BareQuotes", R"("/["']/")", false, R"(/["']/)"}),
                         by_name);

TEST(Unquote, RefusesWhatIsNotInQuotes) {
  for (const std::string_view value :
       {"", "!", "a", "\"", "!\"", "\"a", R"("a\")", R"("a"b)", R"(a"b")", R"(!!"a")"})
    EXPECT_FALSE(unquote(value)) << value;
}

}  // namespace
}  // namespace bansoko::rule
