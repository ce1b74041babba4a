// SPDX-License-Identifier: Apache-2.0
// What rules read from files while they are loaded.
#include <chrono>
#include <filesystem>
#include <thread>

#include <gtest/gtest.h>

#include "shield/engine/loader.h"
#include "shield/keyword/keywords.h"
#include "tests/cases.h"
#include "tests/temporary_folder.h"

namespace bansoko::engine {
namespace {

struct Case {
  std::string name;
  std::string options;
  std::string want;  // part of the one fault; empty: there is none
};

Result<LoadedRules> load(const ShieldSettings& settings) {
  Loader loader(keyword::all_keywords(), {}, settings.inspection.max_flowbits);
  return loader.load(settings);
}

class LoaderFiles : public testing::TestWithParam<Case> {};

TEST_P(LoaderFiles, AreBesideTheRules) {
  const TemporaryFolder folder;
  std::filesystem::create_directories(std::filesystem::path(folder / "rules") / "lists");
  put_file(folder / "rules/lists/hosts.lst", "192.0.2.1\n");
  put_file(folder / "outside.lst", "192.0.2.1\n");
  put_file(folder / "categories.txt", "1,CnC,Command and control\n");
  put_file(folder / "scores.txt", "192.0.2.1,1,9\n");
  put_file(folder / "rules/test.rules",
           "alert ip any any -> any any (msg:\"t\"; " + GetParam().options + " sid:1;)\n");
  ShieldSettings settings;
  settings.rule_files = {folder / "rules/*.rules"};
  settings.reputation_categories = folder / "categories.txt";
  settings.reputation_files = {folder / "scores.*"};
  const auto loaded = load(settings);
  ASSERT_TRUE(loaded) << loaded.error().message;
  ASSERT_EQ(rule::count_errors(loaded->diagnostics), GetParam().want.empty() ? 0U : 1U);
  if (GetParam().want.empty()) {
    EXPECT_EQ(loaded->rules, 1U);
  } else {
    EXPECT_NE(loaded->diagnostics.front().message.find(GetParam().want), std::string::npos)
        << loaded->diagnostics.front().message;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Rules, LoaderFiles,
    testing::Values(
        Case{"Below", "ip.src; dataset:isset,h,type ip,load lists/hosts.lst;", ""},
        Case{"Above", "ip.src; dataset:isset,h,type ip,load ../outside.lst;", "not in the folder"},
        Case{"AboveInTheMiddle", "ip.src; dataset:isset,h,type ip,load lists/../../outside.lst;",
             "not in the folder"},
        Case{"Absolute", "ip.src; dataset:isset,h,type ip,load /etc/passwd;", "not in the folder"},
        Case{"Absent", "ip.src; dataset:isset,h,type ip,load none.lst;", "none.lst"},
        Case{"Folder", "ip.src; dataset:isset,h,type ip,load lists;", "lists"},
        Case{"Reputation", "iprep:src,CnC,>,5;", ""},
        Case{"ReputationUnknown", "iprep:src,Scan,>,5;", "not a category"}),
    by_name);

TEST(RuleFile, ThatIsBeingWrittenIsReadWhenItIsWhole) {
  const TemporaryFolder folder;
  const std::string rule = "alert ip any any -> any any (sid:";
  const std::string file = folder / "test.rules";
  put_file(file, "");
  ShieldSettings settings;
  settings.rule_files = {file};
  const std::jthread writer([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    put_file(file, rule + "1;)\n" + rule);
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    put_file(file, rule + "1;)\n" + rule + "2;)\n");
  });
  const auto loaded = load(settings);
  ASSERT_TRUE(loaded) << loaded.error().message;
  EXPECT_EQ(loaded->rules, 2U);
}

TEST(RuleFile, WithoutALastNewlineIsTakenOnceItIsAtRest) {
  const TemporaryFolder folder;
  put_file(folder / "test.rules", "alert ip any any -> any any (sid:1;)");
  ShieldSettings settings;
  settings.rule_files = {folder / "test.rules"};
  const auto loaded = load(settings);
  ASSERT_TRUE(loaded) << loaded.error().message;
  EXPECT_EQ(loaded->rules, 1U);
}

TEST(Reputation, AFaultKeepsTheRulesFromLoading) {
  const TemporaryFolder folder;
  put_file(folder / "scores.txt", "192.0.2.1,1,200\n");
  ShieldSettings settings;
  settings.rule_files = {};
  settings.reputation_files = {folder / "scores.txt"};
  const auto loaded = load(settings);
  ASSERT_FALSE(loaded);
  EXPECT_NE(loaded.error().message.find("scores.txt: line 1: 200 is more than 127"), std::string::npos)
      << loaded.error().message;
}

}  // namespace
}  // namespace bansoko::engine
