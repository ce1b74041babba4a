// SPDX-License-Identifier: Apache-2.0
#include <random>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "shield/pattern/finder.h"
#include "shield/pattern/literal_database.h"
#include "shield/pattern/regex.h"
#include "tests/allocations.h"
#include "tests/cases.h"

namespace bansoko::pattern {
namespace {

using namespace std::literals;

struct FindCase {
  std::string name;
  std::string text;
  std::string needle;
  bool nocase;
  std::size_t from;
  std::size_t want;
};

class Find : public testing::TestWithParam<FindCase> {};

TEST_P(Find, FirstPlace) {
  const FindCase& row = GetParam();
  EXPECT_EQ(Finder(row.needle, row.nocase).find(as_bytes(row.text), row.from), row.want);
}

INSTANTIATE_TEST_SUITE_P(
    Finder, Find,
    testing::Values(FindCase{"AtStart", "abc", "abc", false, 0, 0},
                    FindCase{"AtEnd", "xxabc", "abc", false, 0, 2},
                    FindCase{"TooLong", "ab", "abc", false, 0, Finder::kNone},
                    FindCase{"FromPast", "abc", "a", false, 1, Finder::kNone},
                    FindCase{"FromBeyondEnd", "abc", "a", false, 9, Finder::kNone},
                    FindCase{"CaseMatters", "xABC", "abc", false, 0, Finder::kNone},
                    FindCase{"CaseIgnored", "xAbC", "aBc", true, 0, 1},
                    FindCase{"OnlyLettersFold", "@`@`@`@`@`@`@`@`@`@`@`", "``", true, 0, Finder::kNone},
                    FindCase{"Nul", "abc\0\0d"s, "\0\0"s, false, 0, 3},
                    FindCase{"AcrossVectors", std::string(37, 'a') + "needle", "needle", false, 0, 37},
                    FindCase{"Empty", "", "a", false, 0, Finder::kNone}),
    by_name);

TEST(Finder, AgreesWithTheSlowWay) {
  std::mt19937 random(7);
  for (int round = 0; round < 2000; ++round) {
    std::string text(random() % 80, 'a');
    for (char& c : text) c = static_cast<char>('a' + random() % 3);
    std::string needle(1 + random() % 5, 'a');
    for (char& c : needle) c = static_cast<char>('a' + random() % 3);
    const std::size_t from = random() % 8;
    const auto want = text.find(needle, from);
    EXPECT_EQ(Finder(needle, false).find(as_bytes(text), from),
              want == std::string::npos ? Finder::kNone : want);
    for (char& c : text)
      if (random() % 2 != 0) c = static_cast<char>(c - 32);
    EXPECT_EQ(Finder(needle, true).find(as_bytes(text), from),
              want == std::string::npos ? Finder::kNone : want);
  }
}

std::set<std::uint32_t> hits_of(const LiteralDatabase& database, std::string_view text) {
  Scratch scratch;
  EXPECT_TRUE(scratch.fit(database));
  std::set<std::uint32_t> hits;
  database.scan(
      as_bytes(text), scratch,
      [](void* context, std::uint32_t id) noexcept {
        static_cast<std::set<std::uint32_t>*>(context)->insert(id);
      },
      &hits);
  return hits;
}

TEST(LiteralDatabase, FindsEachLiteralByItsCase) {
  const std::vector<Literal> literals{
      {"GET", false, 1}, {"get", true, 2}, {"\0\1"sv, false, 3}, {"(.*)", false, 4}};
  const auto database = LiteralDatabase::compile(literals);
  ASSERT_TRUE(database) << database.error().message;
  EXPECT_EQ(database->longest(), 4u);
  EXPECT_EQ(hits_of(*database, "a Get"), (std::set<std::uint32_t>{2}));
  EXPECT_EQ(hits_of(*database, "a GET (.*) x\0\1"s), (std::set<std::uint32_t>{1, 2, 3, 4}));
  EXPECT_EQ(hits_of(*database, ""), (std::set<std::uint32_t>{}));
}

struct RegexCase {
  std::string name;
  std::string expression;
  RegexOptions options;
  std::string text;
  std::size_t from;
  Regex::Outcome want;
  std::size_t end;
};

class Search : public testing::TestWithParam<RegexCase> {};

TEST_P(Search, Outcome) {
  const RegexCase& row = GetParam();
  const auto regex = Regex::compile(row.expression, row.options);
  ASSERT_TRUE(regex) << regex.error().message;
  Regex::Workspace workspace;
  regex->search(as_bytes(row.text), row.from, workspace);
  const AllocationCounter allocations;
  const auto found = regex->search(as_bytes(row.text), row.from, workspace);
  EXPECT_EQ(allocations.count(), 0u);
  EXPECT_EQ(found.outcome, row.want);
  EXPECT_EQ(found.end, row.end);
}

INSTANTIATE_TEST_SUITE_P(
    Regex, Search,
    testing::Values(RegexCase{"Plain", "b+", {}, "abbc", 0, Regex::Outcome::found, 3},
                    RegexCase{"From", "b", {}, "abbc", 2, Regex::Outcome::found, 3},
                    RegexCase{"None", "z", {}, "abbc", 0, Regex::Outcome::none, 0},
                    RegexCase{"Nocase", "B", {.nocase = true}, "ab", 0, Regex::Outcome::found, 2},
                    RegexCase{"EmptySubject", "^$", {}, "", 0, Regex::Outcome::found, 0},
                    RegexCase{"ManyGroups", "(a)(b)(c)(d)", {}, "abcd", 0, Regex::Outcome::found, 4},
                    RegexCase{"Bomb", "(a+)+$", {}, std::string(60, 'a') + "b", 0, Regex::Outcome::limit, 0}),
    by_name);

TEST(Regex, SaysWhereItIsWrong) {
  const auto regex = Regex::compile("a(b", {});
  ASSERT_FALSE(regex);
  EXPECT_NE(regex.error().message.find("byte 3"), std::string::npos) << regex.error().message;
}

}  // namespace
}  // namespace bansoko::pattern
