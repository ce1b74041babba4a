// SPDX-License-Identifier: Apache-2.0
#include "shield/engine/drivers.h"

#include <string>

#include <gtest/gtest.h>

#include "tests/cases.h"

namespace bansoko::engine {
namespace {

struct Case {
  std::string name;
  Mode mode = Mode::observe;
  std::string driver = "nfqueue";
  ObserveBy observe_by = ObserveBy::copies;
  std::string in_use = {};
  std::string refused = {};  // part of the reason why it may not run live
};
class DriverInUse : public testing::TestWithParam<Case> {};

TEST_P(DriverInUse, FollowsTheMode) {
  ShieldSettings settings;
  settings.mode = GetParam().mode;
  settings.driver = GetParam().driver;
  settings.observe_by = GetParam().observe_by;
  EXPECT_EQ(driver_in_use(settings), GetParam().in_use);
  const auto driver = find_driver(driver_in_use(settings));
  ASSERT_TRUE(driver);
  const auto may_run = check_driver(**driver, settings.mode);
  EXPECT_EQ(may_run.has_value(), GetParam().refused.empty());
  EXPECT_NE((may_run ? "" : may_run.error().message).find(GetParam().refused), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(
    Drivers, DriverInUse,
    testing::Values(
        Case{.name = "Observe", .in_use = "nflog"},
        Case{.name = "ObserveByQueue", .observe_by = ObserveBy::queue, .in_use = "nfqueue"},
        Case{.name = "Enforce", .mode = Mode::enforce, .in_use = "nfqueue"},
        Case{.name = "EnforceWhateverObserveDoes",
             .mode = Mode::enforce,
             .observe_by = ObserveBy::queue,
             .in_use = "nfqueue"},
        Case{.name = "CopiesByName", .driver = "nflog", .observe_by = ObserveBy::queue, .in_use = "nflog"},
        Case{.name = "CopiesCannotEnforce",
             .mode = Mode::enforce,
             .driver = "nflog",
             .in_use = "nflog",
             .refused = "'nflog' cannot drop"},
        Case{.name = "Capture", .driver = "pcapfile", .in_use = "pcapfile", .refused = "bansoko replay"}),
    by_name);

TEST(Drivers, NamesThoseThereAre) {
  const auto unknown = find_driver("pigeon");
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().message, "there is no capture driver 'pigeon' (valid: nflog, nfqueue, pcapfile)");
}

}  // namespace
}  // namespace bansoko::engine
