// SPDX-License-Identifier: Apache-2.0
#include "lockdown/engine/judge.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "base/file.h"
#include "lockdown/engine/gatekeeper.h"
#include "lockdown/engine/test_guard.h"
#include "lockdown/process/process.h"
#include "tests/cases.h"
#include "tests/temporary_folder.h"

namespace bansoko::lockdown {
namespace {

using namespace std::string_literals;
using guard::Asked;
using identity::Language;
using policy::Answer;
using policy::Reason;

const std::string kProgram = "\x7f"s + "ELF\2\1\1" + std::string(9, '\0') + "\3\0and so on"s;
const std::string kScript = "#!/bin/sh\n";

/// A folder with one file, a list, and a process that opens the file.
class Bench {
 public:
  Bench(const std::string& name, const std::string& text) : path_(folder_.path() + "/" + name) {
    EXPECT_TRUE(block_lease_signals());
    EXPECT_TRUE(write_file_atomic(path_, text, 0700));
    policy_.list = approved::List::make({.generation = 1}, {});
    policy_.digest_size = 1U << 20U;
    policy_.number = 1;
  }

  void approve(Language language = Language::none) {
    const UniqueFd file(::open(path_.c_str(), O_RDONLY | O_CLOEXEC));
    policy_.list = approved::List::make(
        {.generation = 2},
        {{.digest = *identity::digest_of(file.get()), .language = language, .path = path_}});
  }
  /// The path is on the list, with another content.
  void approve_another() {
    policy_.list = approved::List::make({.generation = 2}, {{.digest = {7}, .path = path_}});
  }
  void opener_is(Language language) { programs_.note(*process::program_of(stranger_.id()), language); }

  std::optional<Judged> judge(Asked asked, Depth depth = Depth::full) {
    return judge_.judge(guard_.hold(path_, stranger_.id(), asked), policy_, depth);
  }

  const std::string& path() const { return path_; }
  Policy& policy() { return policy_; }
  TestGuard& guard() { return guard_; }
  KnownFiles& files() { return files_; }
  Programs& programs() { return programs_; }
  pid_t opener() const { return stranger_.id(); }

 private:
  TemporaryFolder folder_;
  std::string path_;
  Stranger stranger_;
  TestGuard guard_;
  KnownFiles files_{guard_, 16, lease_signal()};
  Programs programs_;
  Updates updates_{16};
  Judge judge_{files_, programs_, updates_, guard_.means()};
  Policy policy_;
};

struct Case {
  std::string_view name;
  std::string file, text;
  Asked asked;
  Language opener;
  bool approved;
  Answer answer;
  Reason reason;
};

class JudgeOf : public testing::TestWithParam<Case> {};

TEST_P(JudgeOf, OneFile) {
  const Case& row = GetParam();
  Bench bench(row.file, row.text);
  bench.opener_is(row.opener);
  if (row.approved) bench.approve();
  const auto judged = bench.judge(row.asked);
  ASSERT_TRUE(judged);
  EXPECT_EQ(judged->decision.answer, row.answer);
  EXPECT_EQ(judged->decision.reason, row.reason) << policy::name_of(judged->decision.reason);
  EXPECT_EQ(judged->is_told, row.answer == Answer::deny);
}

INSTANTIATE_TEST_SUITE_P(Files, JudgeOf,
                         testing::Values(Case{"ProgramExecuted", "x", kProgram, Asked::execute,
                                              Language::none, false, Answer::deny, Reason::unknown_file},
                                         Case{"ProgramApproved", "x", kProgram, Asked::execute,
                                              Language::none, true, Answer::allow, Reason::approved},
                                         Case{"LibraryLoaded", "x.so", kProgram, Asked::open, Language::none,
                                              false, Answer::deny, Reason::unknown_file},
                                         Case{"LibraryApproved", "x.so", kProgram, Asked::open,
                                              Language::none, true, Answer::allow, Reason::approved},
                                         Case{"ScriptExecuted", "x", kScript, Asked::execute, Language::none,
                                              false, Answer::deny, Reason::unknown_file},
                                         Case{"ScriptInterpreted", "x", kScript, Asked::open, Language::shell,
                                              false, Answer::deny, Reason::interpreter_use},
                                         Case{"ScriptRead", "x", kScript, Asked::open, Language::none, false,
                                              Answer::allow, Reason::not_code},
                                         Case{"ModuleOfPython", "x.py", "import os\n", Asked::open,
                                              Language::python, false, Answer::deny, Reason::interpreter_use},
                                         Case{"ModuleOfPythonApproved", "x.py", "import os\n", Asked::open,
                                              Language::python, true, Answer::allow, Reason::approved},
                                         Case{"PythonReadByPerl", "x.py", "import os\n", Asked::open,
                                              Language::perl, false, Answer::allow, Reason::not_code},
                                         Case{"DataOpened", "x.txt", "text", Asked::open, Language::python,
                                              false, Answer::allow, Reason::not_code},
                                         Case{"DataExecuted", "x.txt", "text", Asked::execute, Language::none,
                                              false, Answer::deny, Reason::unknown_file},
                                         Case{"Empty", "x", "", Asked::execute, Language::none, false,
                                              Answer::allow, Reason::not_code}),
                         by_name);

TEST(Judge, ReadsNothingWhenItMustBeQuick) {
  Bench bench("x", kProgram);
  EXPECT_FALSE(bench.judge(Asked::execute, Depth::quick));
  ASSERT_TRUE(bench.judge(Asked::execute));
  EXPECT_TRUE(bench.judge(Asked::execute, Depth::quick)) << "it is known now";
}

TEST(Judge, KeepsWhatIsApprovedAndNothingElse) {
  Bench bench("x", kProgram);
  bench.judge(Asked::execute);
  EXPECT_TRUE(bench.guard().kept.empty());
  bench.approve();
  bench.judge(Asked::execute);
  ASSERT_EQ(bench.guard().kept.size(), 1U);
  EXPECT_EQ(bench.guard().kept.begin()->second, guard::Kept::opens_and_executes);
}

TEST(Judge, SeesEveryUseOfAnInterpreter) {
  Bench bench("x", kProgram);
  bench.approve(Language::python);
  bench.judge(Asked::execute);
  bench.judge(Asked::open);
  EXPECT_TRUE(bench.guard().kept.empty());
}

TEST(Judge, KeepsDataThatIsOpenedAgain) {
  Bench bench("x.txt", "text");
  bench.judge(Asked::open, Depth::quick);
  EXPECT_TRUE(bench.guard().kept.empty());
  bench.judge(Asked::open, Depth::quick);
  EXPECT_EQ(bench.guard().kept.size(), 1U);
}

TEST(Judge, NeverKeepsWhatOneMayReadAndAnotherNot) {
  Bench bench("x.py", "import os\n");
  for (int i = 0; i < 4; ++i) bench.judge(Asked::open, Depth::quick);
  EXPECT_TRUE(bench.guard().kept.empty());
}

TEST(Judge, ChangedContentIsTold) {
  Bench bench("x", kProgram);
  bench.approve_another();
  EXPECT_EQ(bench.judge(Asked::execute)->decision.reason, Reason::changed_file);
}

TEST(Judge, NobodyRunsWhatSomebodyWrites) {
  Bench bench("x", kProgram);
  bench.approve();
  const UniqueFd writer(::open(bench.path().c_str(), O_WRONLY | O_CLOEXEC));
  EXPECT_EQ(bench.judge(Asked::execute)->decision.reason, Reason::being_written);
}

TEST(Judge, ATooLargeFileIsALimit) {
  Bench bench("x", kProgram);
  bench.approve();
  bench.policy().digest_size = kProgram.size();
  EXPECT_EQ(bench.judge(Asked::execute)->decision.reason, Reason::approved);
  bench.files().give_up_all();
  bench.policy().digest_size = kProgram.size() - 1;
  EXPECT_EQ(bench.judge(Asked::execute)->decision, (policy::Decision{Answer::deny, Reason::limit}));
  bench.policy().on_fault.limit = Answer::allow;
  EXPECT_EQ(bench.judge(Asked::execute)->decision, (policy::Decision{Answer::allow, Reason::limit}));
}

TEST(Judge, StopsReadingWhenTimeIsOver) {
  Bench bench("x", kProgram);
  std::stop_source stop;
  stop.request_stop();
  Programs programs;
  Updates updates(1);
  Judge judge(bench.files(), programs, updates, bench.guard().means());
  const auto judged = judge.judge(bench.guard().hold(bench.path(), bench.opener(), Asked::execute),
                                  bench.policy(), Depth::full, stop.get_token());
  EXPECT_EQ(judged->decision.reason, Reason::limit);
}

TEST(Judge, TheCoreIsTheCoreOnlyAsItWas) {
  Bench bench("x", kProgram);
  bench.programs().learn(nullptr, {}, {}, {bench.path()});
  EXPECT_EQ(bench.judge(Asked::execute)->decision.reason, Reason::core);
  bench.files().give_up_all();
  ASSERT_TRUE(write_file_atomic(bench.path(), kProgram + "more", 0700));
  EXPECT_EQ(bench.judge(Asked::execute)->decision.reason, Reason::unknown_file);
}

TEST(Judge, RulesOfTheOperator) {
  Bench bench("x", kProgram);
  bench.policy().rules = {{.name = "rules.yaml:3", .answer = Answer::allow, .path = bench.path()}};
  const auto judged = bench.judge(Asked::execute);
  EXPECT_EQ(judged->decision.reason, Reason::operator_allow);
  EXPECT_EQ(judged->rule, "rules.yaml:3");
}

TEST(Judge, ARuleAboutUsersKeepsTheKernelAsking) {
  Bench bench("x", kProgram);
  bench.approve();
  bench.policy().rules = {{.name = "r", .answer = Answer::deny, .path = bench.path(), .user = 4'000'000U}};
  EXPECT_EQ(bench.judge(Asked::execute)->decision.reason, Reason::approved);
  EXPECT_TRUE(bench.guard().kept.empty());
}

TEST(Judge, AnOpenWindowAllowsAndTells) {
  Bench bench("x", kProgram);
  bench.policy().window = true;
  const auto judged = bench.judge(Asked::execute);
  EXPECT_EQ(judged->decision, (policy::Decision{Answer::allow, Reason::window}));
  EXPECT_TRUE(judged->is_told);
}

}  // namespace
}  // namespace bansoko::lockdown
