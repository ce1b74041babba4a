// SPDX-License-Identifier: Apache-2.0
#include "shield/engine/status.h"

#include <string_view>

#include <gtest/gtest.h>

#include "tests/cases.h"

namespace bansoko::engine {
namespace {

Status healthy() {
  Status status;
  status.mode = Mode::enforce;
  status.rules = {.generation = 1, .rules = 3, .files = 1};
  return status;
}

struct Case {
  std::string_view name;
  void (*change)(Status&);
  Health expected;
  std::string_view reason;
};

class Check : public testing::TestWithParam<Case> {};

TEST_P(Check, SurvivesTheWayToTheCommand) {
  Status status = healthy();
  GetParam().change(status);
  EXPECT_EQ(check(status).health, GetParam().expected);
  const CheckResult result = check_answer(to_json(status));
  EXPECT_EQ(result.code, static_cast<int>(GetParam().expected));
  EXPECT_NE(result.line.find(GetParam().reason), std::string::npos) << result.line;
}

INSTANTIATE_TEST_SUITE_P(
    Status, Check,
    testing::Values(
        Case{"Healthy", [](Status&) {}, Health::ok, "ok"},
        Case{"Observe", [](Status& s) { s.mode = Mode::observe; }, Health::warning, "observe"},
        Case{"RulesLeftOut", [](Status& s) { s.rules.refused = 2; }, Health::warning, "2 faults"},
        Case{"RestartNeeded",
             [](Status& s) {
               s.rules.need_restart = {"mode", "workers"};
             },
             Health::warning, "need a restart: mode, workers"},
        Case{"LimitLately", [](Status& s) { s.recent_limits["flows_refused"] = 9; }, Health::warning,
             "flows_refused 9"},
        Case{"EventsLost", [](Status& s) { s.spool_lost = 1; }, Health::warning, "1 events lost"},
        Case{"SpoolFails", [](Status& s) { s.spool_fault = "disk full"; }, Health::critical, "disk full"},
        Case{"EvidenceFails", [](Status& s) { s.evidence_fault = "disk full"; }, Health::critical,
             "evidence"},
        Case{"RuleSuspended",
             [](Status& s) {
               s.suspended_rules = {7, 8};
             },
             Health::warning, "7, 8"},
        Case{"StartedAnewLately",
             [](Status& s) {
               s.restarts = {3, "it hung"};
             },
             Health::warning, "3 times by now: it hung"},
        Case{"StartedAnewLongAgo",
             [](Status& s) {
               s.restarts = {3, "it hung"};
               s.uptime = std::chrono::hours(1);
             },
             Health::ok, "ok"},
        Case{"LimitLongAgo", [](Status& s) { s.totals.limits["flows_refused"] = 9; }, Health::ok, "ok"},
        Case{"NoRules", [](Status& s) { s.rules.rules = 0; }, Health::critical, "no rules"},
        Case{"NoRulesWanted", [](Status& s) { s.rules = {.may_be_empty = true}; }, Health::ok, "ok"},
        Case{"ReloadFailed",
             [](Status& s) {
               s.reload = {.any = true, .ok = false, .time = {}, .message = "a \"quoted\"\nreason"};
             },
             Health::critical, "a \"quoted\"\nreason"},
        Case{"WorkerStopped", [](Status& s) { s.failure = "worker 0: gone"; }, Health::critical, "gone"},
        Case{"FirewallGone", [](Status& s) { s.firewall_fault = "not permitted"; }, Health::critical,
             "tables are gone: not permitted"},
        Case{"WorstCounts",
             [](Status& s) {
               s.mode = Mode::observe;
               s.rules.rules = 0;
             },
             Health::critical, "no rules"}),
    by_name);

struct Answer {
  std::string_view name;
  std::string text;
};

class UnreadableAnswer : public testing::TestWithParam<Answer> {};

TEST_P(UnreadableAnswer, IsCritical) { EXPECT_EQ(check_answer(GetParam().text).code, 2); }

INSTANTIATE_TEST_SUITE_P(Status, UnreadableAnswer,
                         testing::Values(Answer{"Empty", ""}, Answer{"NotJson", "hello"},
                                         Answer{"Array", "[0]"}, Answer{"NoHealth", "{}"},
                                         Answer{"HealthIsText", R"({"health":"ok"})"},
                                         Answer{"CodeIsText", R"({"health":{"code":"0"}})"},
                                         Answer{"CodeIsMissing", R"({"health":{}})"}),
                         by_name);

}  // namespace
}  // namespace bansoko::engine
