// SPDX-License-Identifier: Apache-2.0
#include "shield/selection/conf_lines.h"

#include <gtest/gtest.h>

#include "tests/cases.h"

namespace bansoko::selection {
namespace {

struct Case {
  const char* name;
  std::string text;
  std::vector<std::string> words;
};

class ShellWords : public testing::TestWithParam<Case> {};

TEST_P(ShellWords, Are) {
  const auto words = shell_words(GetParam().text);
  ASSERT_TRUE(words) << words.error().message;
  EXPECT_EQ(*words, GetParam().words);
}

INSTANTIATE_TEST_SUITE_P(
    Selection, ShellWords,
    testing::Values(Case{"None", " \t ", {}}, Case{"Plain", " a  b\tc ", {"a", "b", "c"}},
                    Case{"Quoted", "re:. \"a b\" 'c d'", {"re:.", "a b", "c d"}},
                    Case{"EmptyWord", "a \"\" ''", {"a", "", ""}},
                    Case{"JoinedPieces", "a\"b c\"'d'e", {"ab cde"}},
                    Case{"BackslashOutside", "a\\ b \\1", {"a b", "1"}},
                    Case{"BackslashInDoubleQuotes", R"("\1 \" \\ \d")", {R"(\1 " \ \d)"}},
                    Case{"BackslashInSingleQuotes", R"('\1 \\')", {R"(\1 \\)"}}),
    by_name);

TEST(ShellWords, OpenOnesAreRefused) {
  for (const char* text : {"\"a", "'a", "a \"b\\\"", "a\\"}) EXPECT_FALSE(shell_words(text)) << text;
}

TEST(ConfLines, AreThoseThatSaySomething) {
  const auto lines = conf_lines("\xEF\xBB\xBF# head\n\n 1:2 \r\nre:a#b # c # d\n # x\n3");
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_EQ(lines[0].text, "1:2");
  EXPECT_EQ(lines[0].number, 3U);
  EXPECT_EQ(lines[1].text, "re:a#b");
  EXPECT_EQ(lines[2].text, "3");
}

}  // namespace
}  // namespace bansoko::selection
