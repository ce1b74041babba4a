// SPDX-License-Identifier: Apache-2.0
#include "shield/pattern/rewriter.h"

#include <gtest/gtest.h>

#include "tests/cases.h"

namespace bansoko::pattern {
namespace {

struct Case {
  const char* name;
  std::string expression;
  std::string replacement;
  std::string text;
  const char* result;
};

class Rewrites : public testing::TestWithParam<Case> {};

TEST_P(Rewrites, Text) {
  const auto rewriter = Rewriter::compile(GetParam().expression, GetParam().replacement);
  ASSERT_TRUE(rewriter) << rewriter.error().message;
  const auto result = rewriter->apply(GetParam().text);
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(*result, GetParam().result);
}

INSTANTIATE_TEST_SUITE_P(
    Rewriter, Rewrites,
    testing::Values(Case{"Plain", "a", "b", "banana", "bbnbnb"},
                    Case{"NoMatch", "x", "y", "banana", "banana"}, Case{"Anchored", "^a", "b", "aaa", "baa"},
                    Case{"Removes", "n", "", "banana", "baaa"}, Case{"EmptyText", "^", "x", "", "x"},
                    Case{"EmptyMatches", "x*", "-", "ab", "-a-b-"},
                    Case{"Groups", "(a)(b)", "\\2\\1", "ab ab", "ba ba"},
                    Case{"GroupTwelveIsNotOneAndTwo", "(a)(b)(c)(d)(e)(f)(g)(h)(i)(j)(k)(l)", "\\12",
                         "abcdefghijkl", "l"},
                    Case{"NamedGroup", "(?P<who>a)", "<\\g<who>\\g<1>>", "a", "<aa>"},
                    Case{"UnsetGroup", "(a)|(b)", "[\\2]", "ab", "[][b]"},
                    Case{"DollarIsADollar", "a", "$1 ${1} $HOME_NET", "a", "$1 ${1} $HOME_NET"},
                    Case{"Signs", "a", "\\t\\\\\\n", "a", "\t\\\n"},
                    Case{"OtherEscapesStay", "a", "\\|\\$", "a", "\\|\\$"},
                    Case{"CaseCounts", "A", "b", "aA", "ab"}),
    by_name);

struct Fault {
  const char* name;
  std::string expression;
  std::string replacement;
};

class Refuses : public testing::TestWithParam<Fault> {};

TEST_P(Refuses, ToCompile) { EXPECT_FALSE(Rewriter::compile(GetParam().expression, GetParam().replacement)); }

INSTANTIATE_TEST_SUITE_P(Rewriter, Refuses,
                         testing::Values(Fault{"OpenParenthesis", "(a", "b"},
                                         Fault{"NoSuchGroup", "(a)", "\\2"},
                                         Fault{"NoSuchName", "(a)", "\\g<b>"},
                                         Fault{"OpenName", "(a)", "\\g<1"}, Fault{"NoName", "(a)", "\\g<>"},
                                         Fault{"Letter", "a", "\\q"}, Fault{"LoneBackslash", "a", "b\\"},
                                         Fault{"Nul", "a", "\\0"}),
                         by_name);

TEST(Rewriter, GivesUpOnHopelessExpressions) {
  const auto rewriter = Rewriter::compile("(a+)+$", "x");
  ASSERT_TRUE(rewriter);
  EXPECT_FALSE(rewriter->apply(std::string(60, 'a') + "b"));
}

TEST(Rewriter, ResultsHaveALimit) {
  const auto rewriter = Rewriter::compile("a", std::string(1024, 'b'));
  ASSERT_TRUE(rewriter);
  EXPECT_TRUE(rewriter->apply(std::string(1024, 'a')));
  EXPECT_FALSE(rewriter->apply(std::string(1025, 'a')));
}

}  // namespace
}  // namespace bansoko::pattern
