// SPDX-License-Identifier: Apache-2.0
#include "lockdown/engine/gatekeeper.h"

#include <chrono>
#include <memory>
#include <sstream>
#include <string>

#include <gtest/gtest.h>

#include "base/file.h"
#include "lockdown/engine/test_guard.h"
#include "tests/temporary_folder.h"

namespace bansoko::lockdown {
namespace {

using namespace std::chrono_literals;
using namespace std::string_literals;
using guard::Asked;
using policy::Answer;

const std::string kElf = "\x7f"s + "ELF\2\1\1" + std::string(9, '\0') + "\3\0"s;

class Gate : public testing::Test {
 protected:
  Gate() {
    policy_.mode = policy::Mode::enforce;
    policy_.number = 1;
    policy_.list = approved::List::make({}, {});
    policy_.digest_size = 1U << 20U;
  }

  void start(const Gatekeeper::Limits& limits) {
    ASSERT_TRUE(block_lease_signals());
    policies_ = std::make_unique<Published<Policy>>(std::make_shared<const Policy>(policy_));
    gate_ = std::make_unique<Gatekeeper>(guard_, judge_, files_, *policies_, reporter_, log_, limits);
    ASSERT_TRUE(gate_->start());
  }
  std::string make(const std::string& name, const std::string& text) {
    const std::string path = folder_.path() + "/" + name;
    EXPECT_TRUE(write_file_atomic(path, text, 0700));
    return path;
  }
  void push(const std::string& path, Asked asked = Asked::execute) {
    guard_.push(guard_.hold(path, stranger_.id(), asked));
  }
  /// What was answered, once there are so many.
  std::vector<Answer> answers(std::size_t count) {
    const auto until = std::chrono::steady_clock::now() + 10s;
    while (guard_.answered() < count && std::chrono::steady_clock::now() < until) std::this_thread::yield();
    return guard_.answers;
  }

  TemporaryFolder folder_;
  Stranger stranger_;
  std::ostringstream said_;
  log::Logger log_{log::Level::info, log::Form::terminal, said_};
  TestGuard guard_;
  KnownFiles files_{guard_, 16, lease_signal()};
  Programs programs_;
  Updates updates_{16};
  Judge judge_{files_, programs_, updates_, guard_.means()};
  Reporter reporter_{{.directory = folder_.path() + "/spool"}, log_};
  Policy policy_;
  std::unique_ptr<Published<Policy>> policies_;
  std::unique_ptr<Gatekeeper> gate_;
};

TEST_F(Gate, AnswersWhatItIsAsked) {
  start({});
  push(make("x", kElf));
  push(make("y.txt", "text"), Asked::open);
  const auto given = answers(2);
  ASSERT_EQ(given.size(), 2U);
  EXPECT_NE(given[0], given[1]);
  EXPECT_EQ(gate_->counters().denied.value(), 1U);
  EXPECT_TRUE(gate_->is_alive(10s));
}

TEST_F(Gate, ObserveAllowsAll) {
  policy_.mode = policy::Mode::observe;
  start({});
  push(make("x", kElf));
  EXPECT_EQ(answers(1), std::vector{Answer::allow});
  EXPECT_EQ(gate_->counters().reasons.at(static_cast<std::size_t>(policy::Reason::unknown_file)).value(), 1U);
}

TEST_F(Gate, BeyondTheLimitItAnswersAtOnce) {
  policy_.on_fault.limit = Answer::allow;
  start({.waiting = 0});
  push(make("x", kElf));
  EXPECT_EQ(answers(1), std::vector{Answer::allow});
  EXPECT_EQ(gate_->counters().full.value(), 1U);
}

TEST_F(Gate, WhoWaitsTooLongIsAnswered) {
  start({.waiting = 8, .answer_time = 0ms, .readers = 0});
  push(make("x", kElf));
  EXPECT_EQ(answers(1), std::vector{Answer::deny});
  EXPECT_EQ(gate_->counters().late.value(), 1U);
}

TEST_F(Gate, NobodyIsLeftWaitingAtItsEnd) {
  start({.waiting = 8, .answer_time = 1h, .readers = 0});
  push(make("x", kElf));
  const auto until = std::chrono::steady_clock::now() + 10s;
  while (gate_->waiting() == 0 && std::chrono::steady_clock::now() < until) std::this_thread::yield();
  gate_.reset();
  EXPECT_EQ(answers(1), std::vector{Answer::deny});
}

TEST_F(Gate, AWriterIsLetGo) {
  start({});
  const std::string path = make("x.txt", "text");
  for (std::size_t i = 1; i <= 2; ++i) {
    push(path, Asked::open);
    answers(i);
  }
  if (files_.size() == 0) GTEST_SKIP() << "this filesystem has no leases";
  // It waits for the lease to be given up; lease-break-time is 45 s.
  const UniqueFd writer(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
  EXPECT_TRUE(writer.valid());
  EXPECT_EQ(files_.size(), 0U);
}

}  // namespace
}  // namespace bansoko::lockdown
