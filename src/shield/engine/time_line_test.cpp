// SPDX-License-Identifier: Apache-2.0
#include "shield/engine/time_line.h"

#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "tests/cases.h"

namespace bansoko::engine {
namespace {

using namespace std::chrono_literals;
using std::chrono::seconds;

struct Case {
  std::string_view name;
  std::vector<seconds> stamps;
  std::vector<seconds> times;  // what is made of them
};

class CapturedTime : public testing::TestWithParam<Case> {};

TEST_P(CapturedTime, NeverRunsFarBack) {
  TimeLine line;
  std::vector<seconds> times;
  for (const seconds stamp : GetParam().stamps)
    times.push_back(std::chrono::duration_cast<seconds>(line.at(stamp)));
  EXPECT_EQ(times, GetParam().times);
}

INSTANTIATE_TEST_SUITE_P(
    Engine, CapturedTime,
    testing::Values(Case{"InOrder", {100s, 101s, 200s}, {100s, 101s, 200s}},
                    Case{"OutOfOrder", {100s, 99s, 102s}, {100s, 99s, 102s}},
                    Case{"AsFarBackAsMayBe", {100s, 40s, 101s}, {100s, 40s, 101s}},
                    Case{"BackAndOn", {8000s, 800s, 801s, 830s}, {8000s, 8000s, 8001s, 8030s}},
                    Case{"BackTwice", {8000s, 800s, 801s, 1s, 2s}, {8000s, 8000s, 8001s, 8001s, 8002s}},
                    Case{"APauseIsAPause", {100s, 100000s}, {100s, 100000s}}),
    by_name);

struct Look {
  seconds wall, steady, jump, now;
};

struct LiveCase {
  std::string_view name;
  std::vector<Look> looks;
};

class LiveTime : public testing::TestWithParam<LiveCase> {};

TEST_P(LiveTime, GoesOnBySteadyTime) {
  TimeLine line;
  for (const Look& look : GetParam().looks) {
    EXPECT_EQ(line.look(look.wall, look.steady), look.jump) << look.wall.count();
    EXPECT_EQ(line.now(), look.now) << look.wall.count();
    EXPECT_EQ(line.at(look.wall), look.now);
    EXPECT_EQ(line.wall_of(line.now()), look.wall);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Engine, LiveTime,
    testing::Values(LiveCase{"NoJump", {{1000s, 5s, 0s, 1000s}, {1001s, 6s, 0s, 1001s}}},
                    LiveCase{"Forward", {{1000s, 5s, 0s, 1000s}, {20001s, 6s, 19000s, 1001s}}},
                    LiveCase{"Back", {{10000s, 5s, 0s, 10000s}, {1001s, 6s, -9000s, 10001s}}},
                    LiveCase{"ThereAndBack",
                             {{1000s, 5s, 0s, 1000s}, {5001s, 6s, 4000s, 1001s}, {1002s, 7s, -4000s, 1002s}}},
                    LiveCase{"LongSleep", {{1000s, 5s, 0s, 1000s}, {5000s, 4005s, 0s, 5000s}}}),
    by_name);

TEST(LiveTimeOfAFrame, StampedOnTheOtherSideOfAJump) {
  TimeLine line;
  line.look(10000s, 5s);
  line.look(20001s, 6s);
  EXPECT_EQ(line.at(10000s), 10001s - TimeLine::kOutOfOrder) << "stamped before a jump forward";
  line.look(3002s, 7s);
  EXPECT_EQ(line.at(20001s), line.now()) << "stamped before a jump back";
}

}  // namespace
}  // namespace bansoko::engine
