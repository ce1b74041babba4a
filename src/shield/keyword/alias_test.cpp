// SPDX-License-Identifier: Apache-2.0
// Older spellings: what they mean, and what they do to the content before them.
#include <set>

#include "shield/keyword/toy_protocol.h"
#include "tests/cases.h"

namespace bansoko::keyword {
namespace {

using Sids = std::vector<std::uint32_t>;
using Use = detect::Alias::Use;

constexpr std::array kToyAliases{detect::Alias{"toy_head", "toy.head", Use::modifier},
                                 detect::Alias{"toy_body", "toy.body", Use::modifier},
                                 detect::Alias{"toyhead", "toy.head"},
                                 detect::Alias{"toykind", "toy.kind"},
                                 detect::Alias{"toycontent", "toy.head", Use::content},
                                 detect::Alias{"toy_foot", "toy.foot", Use::modifier},
                                 detect::Alias{"toyfoot", "toy.foot"},
                                 detect::Alias{"pkt_data", "payload"}};

struct Case {
  std::string name;
  std::string options;
  std::string head, body;
  bool want;
};

class Aliases : public testing::TestWithParam<Case> {};

TEST_P(Aliases, Match) {
  ToyTransactions toys("alert toy any any -> any any (" + GetParam().options + " sid:1;)", kToyAliases);
  ASSERT_EQ(toys.problems(), "");
  toys.transaction.head = GetParam().head;
  toys.transaction.body = GetParam().body;
  EXPECT_EQ(toys.at(proto::kComplete), GetParam().want ? Sids{1} : Sids{});
}

INSTANTIATE_TEST_SUITE_P(
    Modifier, Aliases,
    testing::Values(
        Case{"MovesTheContent", "content:\"a\"; toy_head;", "a", "", true},
        Case{"Elsewhere", "content:\"a\"; toy_head;", "b", "a", false},
        Case{"EachItsOwn", "content:\"a\"; toy_head; content:\"b\"; toy_body;", "a", "b", true},
        Case{"EachItsOwnSwapped", "content:\"a\"; toy_head; content:\"b\"; toy_body;", "b", "a", false},
        Case{"WithModifiersBefore", "content:\"A\"; nocase; depth:1; toy_head;", "a", "", true},
        Case{"WithModifiersBehind", "content:\"A\"; toy_head; nocase; offset:1;", "xa", "", true},
        Case{"WithModifiersBehindNot", "content:\"A\"; toy_head; nocase; offset:1;", "ax", "", false},
        Case{"RelativeInThatBuffer",
             "content:\"a\"; toy_head; content:\"x\"; toy_body; content:\"b\"; distance:1; toy_head;", "a-b",
             "x", true},
        Case{"RelativeInThatBufferNot",
             "content:\"a\"; toy_head; content:\"x\"; toy_body; content:\"b\"; distance:1; toy_head;", "ab-",
             "x--b", false},
        Case{"RelativeDataFollows", "content:\"a\"; toy_head; isdataat:!1,relative;", "xa", "", true},
        Case{"RelativeDataFollowsNot", "content:\"a\"; toy_head; isdataat:!1,relative;", "ax", "", false},
        Case{"RelativeNumberFollows", "content:\"a\"; toy_head; byte_test:1,=,7,0,relative,string,dec;", "a7",
             "", true},
        Case{"Negated", "content:\"a\"; toy_head; content:!\"b\"; toy_head;", "a", "b", true},
        Case{"NegatedPresent", "content:\"a\"; toy_head; content:!\"b\"; toy_head;", "ab", "", false}),
    by_name);

INSTANTIATE_TEST_SUITE_P(
    Sticky, Aliases,
    testing::Values(Case{"Same", "toyhead; content:\"a\"; content:\"b\"; distance:0;", "ab", "", true},
                    Case{"OfAField", "toykind:hello; toyhead; content:\"a\";", "a", "", false},
                    Case{"Content", "toycontent:\"ab\";", "xabx", "", true},
                    Case{"ContentNegated", "toycontent:!\"ab\"; toyhead; bsize:1;", "x", "", true},
                    Case{"ContentNegatedPresent", "toycontent:!\"ab\"; toyhead; bsize:2;", "ab", "", false},
                    Case{"ContentBehindBase64",
                         "toyhead; content:\"a\"; base64_decode:relative; base64_data; toycontent:\"b\"; "
                         "content:\"c\";",
                         "baYw", "", true},
                    Case{"ContentKeepsTheHand", "toyhead; content:\"a\"; toycontent:\"b\"; content:\"c\";",
                         "abc", "", true}),
    by_name);

struct Fault {
  std::string name;
  std::string options;
  std::string want;
};

class RefusedAlias : public testing::TestWithParam<Fault> {};

TEST_P(RefusedAlias, SaysWhy) {
  const ToyTransactions toys("alert toy any any -> any any (" + GetParam().options + " sid:1;)", kToyAliases);
  EXPECT_NE(toys.problems().find(GetParam().want), std::string::npos) << toys.problems();
  EXPECT_EQ(toys.harness.set->rules().size(), 0U);
}

INSTANTIATE_TEST_SUITE_P(
    Rule, RefusedAlias,
    testing::Values(
        Fault{"NoContent", "toy_head;", "toy_head: there is no content before it"},
        Fault{"BehindAnotherBuffer", "toyhead; content:\"a\"; toy_head;", "cannot follow a buffer"},
        Fault{"UnknownBuffer", "toyfoot; content:\"a\";", "it means 'toy.foot', which is not a buffer"},
        Fault{"UnknownModifier", "content:\"a\"; toy_foot;", "it means 'toy.foot', which is not a buffer"},
        Fault{"ContentInAnotherBuffer", "toy.body; toycontent:\"a\";", "nothing is looked for in 'toy.body'"},
        Fault{"Value", "content:\"a\"; toy_head:1;", "takes no value"},
        Fault{"NoValue", "toycontent;", "needs a value"},
        Fault{"ContentWrong", "toycontent:\"|0|\";", "toycontent: "},
        Fault{"Nearest", "toy_heab; content:\"a\";", "toy_head"}),
    by_name);

TEST(PktData, GoesBackToThePayload) {
  RuleHarness harness("alert tcp any any -> any any (pkt_data; content:\"a\"; sid:1;)");
  ASSERT_TRUE(harness.diagnostics.empty());
  EXPECT_EQ(harness.stream("xa"), Sids{1});
}

TEST(AllAliases, AreEachThereOnce) {
  std::set<std::string_view> names;
  for (const detect::Alias& alias : all_aliases()) {
    EXPECT_TRUE(names.insert(alias.name).second) << alias.name;
    EXPECT_NE(alias.name, alias.means);
  }
}

}  // namespace
}  // namespace bansoko::keyword
