// SPDX-License-Identifier: Apache-2.0
#include "shield/engine/rule_reader.h"

#include <atomic>

#include <gtest/gtest.h>

#include "tests/cases.h"

namespace bansoko::engine {
namespace {

std::string rule_with(std::size_t sid) {
  return "alert ip any any -> any any (sid:" + std::to_string(sid) + ";)\n";
}

/// A file's name says what is in it: "5" five rules, "5x" the same and a broken line, "none" cannot be read.
Result<std::string> text_of(const std::string& file) {
  if (file == "none") return fail(Errc::not_found, "no such file");
  std::string text;
  const std::size_t rules = std::stoul(file);
  for (std::size_t sid = 1; sid <= rules; ++sid) text += rule_with(sid);
  if (file.ends_with('x')) text += "alert\n";
  return text;
}

struct Case {
  std::string name;
  std::vector<std::string> files;
  std::size_t rules = 0;
  std::vector<std::string> faults;  // file:line, in order
  bool fails = false;
};

class Reader : public testing::TestWithParam<Case> {};

TEST_P(Reader, GivesAllInOrder) {
  const Case& given = GetParam();
  const rule::Variables variables = rule::default_variables();
  rule::Diagnostics diagnostics;
  std::atomic<bool> has_ended = false;
  std::size_t rules = 0;
  bool failed = false;
  {
    RuleReader reader(given.files, variables, text_of, [&] { has_ended = true; });
    std::string file;
    std::uint32_t line = 0;
    for (;;) {
      const auto rule = reader.next(diagnostics);
      failed = !rule;
      if (failed || *rule == nullptr) break;
      ++rules;
      EXPECT_TRUE((*rule)->file != file || (*rule)->line == line + 1);
      file = (*rule)->file;
      line = (*rule)->line;
    }
  }
  EXPECT_EQ(failed, given.fails);
  EXPECT_EQ(rules, given.rules);
  EXPECT_TRUE(has_ended);
  std::vector<std::string> faults;
  for (const auto& fault : diagnostics) faults.push_back(fault.file + ":" + std::to_string(fault.line));
  EXPECT_EQ(faults, given.faults);
}

INSTANTIATE_TEST_SUITE_P(
    Rules, Reader,
    testing::Values(Case{"NoFile", {}, 0, {}}, Case{"Empty", {"0"}, 0, {}}, Case{"One", {"1"}, 1, {}},
                    Case{"ABatch", {"64"}, 64, {}}, Case{"ABatchAndOne", {"65"}, 65, {}},
                    Case{"MoreThanMayWait", {"2000"}, 2000, {}},
                    Case{"Faults", {"3x", "0x", "100x"}, 103, {"3x:4", "0x:1", "100x:101"}},
                    Case{"AFaultAlone", {"0x"}, 0, {"0x:1"}},
                    Case{"UnreadableLater", {"3x", "none", "5"}, 3, {"3x:4"}, true},
                    Case{"Unreadable", {"none"}, 0, {}, true}),
    by_name);

TEST(Reader, LetsGoOfAThreadThatWaitsForRoom) {
  const std::vector<std::string> files{"5000"};
  const rule::Variables variables = rule::default_variables();
  rule::Diagnostics diagnostics;
  std::atomic<bool> has_ended = false;
  {
    RuleReader reader(files, variables, text_of, [&] { has_ended = true; });
    const auto first = reader.next(diagnostics);
    ASSERT_TRUE(first && *first != nullptr);
    EXPECT_EQ((*first)->line, 1U);
  }
  EXPECT_TRUE(has_ended);
}

TEST(Reader, FaultsComeBeforeTheRuleBehindThem) {
  const std::vector<std::string> files{"0x", "1"};
  const rule::Variables variables = rule::default_variables();
  rule::Diagnostics diagnostics;
  RuleReader reader(files, variables, text_of, [] {});
  const auto rule = reader.next(diagnostics);
  ASSERT_TRUE(rule && *rule != nullptr);
  EXPECT_EQ(diagnostics.size(), 1U);
}

}  // namespace
}  // namespace bansoko::engine
