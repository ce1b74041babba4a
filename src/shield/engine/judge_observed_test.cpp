// SPDX-License-Identifier: Apache-2.0
// Hits that are only observed, and hits that are excepted.
#include <string_view>

#include <gtest/gtest.h>

#include "shield/engine/judge.h"
#include "tests/cases.h"

namespace bansoko::engine {
namespace {

using flow::Standing;
using packet::Action;
using packet::Anomaly;

struct Case {
  std::string_view name;
  Facts facts;
  Mode mode;    // of the settings
  Action told;  // to the kernel
  Action enforced;
  Reason reason;
  Standing standing;
  Mode applied;
};

Facts facts_with(rule::Action action, bool observed) {
  return {.has_flow = true, .hit = RuleHit{.action = action, .sid = 7, .observed = observed}};
}

Facts malformed_too() {
  Facts facts = facts_with(rule::Action::drop, true);
  facts.anomalies.add(Anomaly::udp_length);
  return facts;
}

class JudgeHits : public testing::TestWithParam<Case> {};

TEST_P(JudgeHits, ByTheirMode) {
  const Case& row = GetParam();
  const Decision decision = judge(row.facts, {.mode = row.mode});
  EXPECT_EQ(decision.verdict.action, row.told);
  EXPECT_EQ(decision.enforced, row.enforced);
  EXPECT_EQ(decision.reason, row.reason);
  EXPECT_EQ(decision.standing, row.standing);
  EXPECT_EQ(decision.mode, row.applied);
}

constexpr auto kOn = Standing::inspected;

INSTANTIATE_TEST_SUITE_P(
    Engine, JudgeHits,
    testing::Values(Case{"Enforced", facts_with(rule::Action::drop, false), Mode::enforce, Action::block,
                         Action::block, Reason::rule, Standing::blocked, Mode::enforce},
                    Case{"Observed", facts_with(rule::Action::drop, true), Mode::enforce, Action::accept,
                         Action::block, Reason::rule, kOn, Mode::observe},
                    Case{"ObservedReject", facts_with(rule::Action::reject, true), Mode::enforce,
                         Action::accept, Action::reject, Reason::rule, kOn, Mode::observe},
                    Case{"NeverMoreThanTheSettings", facts_with(rule::Action::drop, false), Mode::observe,
                         Action::accept, Action::block, Reason::rule, kOn, Mode::observe},
                    Case{"ObservedByBoth", facts_with(rule::Action::drop, true), Mode::observe,
                         Action::accept, Action::block, Reason::rule, kOn, Mode::observe},
                    Case{"MalformedAllTheSame", malformed_too(), Mode::enforce, Action::drop, Action::drop,
                         Reason::malformed, kOn, Mode::enforce},
                    Case{"Alert", facts_with(rule::Action::alert, false), Mode::enforce, Action::accept,
                         Action::accept, Reason::alert, kOn, Mode::enforce},
                    Case{"Excepted",
                         {.has_flow = true, .excepted = true},
                         Mode::enforce,
                         Action::accept,
                         Action::accept,
                         Reason::exception,
                         kOn,
                         Mode::enforce},
                    Case{"ExceptedAndRefused",
                         {.has_flow = true, .refused = true, .excepted = true},
                         Mode::enforce,
                         Action::drop,
                         Action::drop,
                         Reason::stream,
                         kOn,
                         Mode::enforce}),
    by_name);

}  // namespace
}  // namespace bansoko::engine
