// SPDX-License-Identifier: Apache-2.0
#include "service/silence.h"

#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "tests/cases.h"

namespace bansoko::service {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

struct Case {
  std::string_view name;
  std::vector<milliseconds> looks;  // each so long after the one before, nothing heard between
  bool too_long;
};

class SilenceOf : public testing::TestWithParam<Case> {};

TEST_P(SilenceOf, OneSecondAtMost) {
  Silence silence(1000ms);
  Silence::Time now{};
  silence.end(now);
  bool too_long = false;
  for (const milliseconds pause : GetParam().looks) too_long = silence.is_too_long(now += pause);
  EXPECT_EQ(too_long, GetParam().too_long);
}

INSTANTIATE_TEST_SUITE_P(
    Engine, SilenceOf,
    testing::Values(Case{"None", {0ms}, false}, Case{"JustNotEnough", std::vector(9, 100ms), false},
                    Case{"Enough", std::vector(10, 100ms), true},
                    Case{"LateLooks", std::vector(5, 200ms), true},
                    Case{"TheMachineStoodStill", {100ms, 60000ms}, false},
                    Case{"AndTheEngineStillDoes", {60000ms, 200ms, 200ms, 200ms, 200ms}, true}),
    by_name);

TEST(Silence, EndsWithAWord) {
  Silence silence(1000ms);
  Silence::Time now{};
  silence.end(now);
  for (int i = 0; i < 9; ++i) EXPECT_FALSE(silence.is_too_long(now += 100ms));
  silence.end(now += 50ms);
  for (int i = 0; i < 9; ++i) EXPECT_FALSE(silence.is_too_long(now += 100ms));
  EXPECT_TRUE(silence.is_too_long(now += 100ms));
}

}  // namespace
}  // namespace bansoko::service
