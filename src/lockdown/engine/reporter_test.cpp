// SPDX-License-Identifier: Apache-2.0
#include "lockdown/engine/reporter.h"

#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/temporary_folder.h"

namespace bansoko::lockdown {
namespace {

class Reports : public testing::Test {
 protected:
  /// All that was told, once the reporter has ended.
  std::vector<event::Event> told() {
    reporter_.reset();
    std::vector<event::Event> events;
    auto reader = event::SpoolReader::open(folder_.path() + "/spool", "lockdown", 0);
    EXPECT_TRUE(reader);
    for (auto record = reader->next(); record && *record; record = reader->next())
      events.push_back(*event::from_json((*record)->line));
    return events;
  }
  static Judged denied(const std::string& path) {
    Judged judged;
    judged.decision = {policy::Answer::deny, policy::Reason::unknown_file};
    judged.path = path;
    return judged;
  }

  TemporaryFolder folder_;
  std::ostringstream said_;
  log::Logger log_{log::Level::info, log::Form::terminal, said_};
  std::unique_ptr<Reporter> reporter_ =
      std::make_unique<Reporter>(event::SpoolSettings{.directory = folder_.path() + "/spool"}, log_);
  Policy policy_{.mode = policy::Mode::enforce, .list = approved::List::make({.generation = 3}, {})};
};

TEST_F(Reports, OneDecisionIsOneEvent) {
  reporter_->tell(denied("/x"), policy_);
  policy_.mode = policy::Mode::observe;
  reporter_->tell(denied("/y"), policy_);
  const auto events = told();
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(events[0].type, "lockdown");
  EXPECT_EQ(events[0].rule_generation, 3U);
  EXPECT_EQ(events[0].program_start->decision, "denied");
  EXPECT_EQ(events[0].program_start->reason, "unknown_file");
  EXPECT_EQ(events[1].program_start->decision, "would_deny");
}

TEST_F(Reports, TheSameIsToldOnce) {
  for (int i = 0; i < 100; ++i) reporter_->tell(denied("/x"), policy_);
  reporter_->tell(denied("/y"), policy_);
  EXPECT_EQ(told().size(), 2U);
}

TEST_F(Reports, WhatDoesNotFitIsCounted) {
  for (std::size_t i = 0; i < 8 * Reporter::kMostWaiting; ++i)
    reporter_->tell(denied(std::to_string(i)), policy_);
  const auto lost = reporter_->lost();
  EXPECT_EQ(told().size() + lost, 8 * Reporter::kMostWaiting);
}

}  // namespace
}  // namespace bansoko::lockdown
