// SPDX-License-Identifier: Apache-2.0
#include "lockdown/engine/settings.h"

#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "tests/cases.h"

namespace bansoko::lockdown {
namespace {

TEST(Settings, WhatIsWrittenReadsBack) {
  settings::Faults faults;
  const auto again = parse_settings(default_settings_yaml(), "defaults", faults);
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(settings_yaml(*again), settings_yaml(LockdownSettings{}));
}

TEST(Settings, TheOthersPartsAreLeftAlone) {
  settings::Faults faults;
  const auto settings = parse_settings("shield:\n  mode: enforce\nlockdown:\n  mode: enforce\n", "x", faults);
  ASSERT_TRUE(settings);
  EXPECT_EQ(settings->mode, policy::Mode::enforce);
}

struct Case {
  std::string_view name, text, fault;
};

class Refused : public testing::TestWithParam<Case> {};

TEST_P(Refused, WithItsPlace) {
  settings::Faults faults;
  const auto settings = parse_settings(GetParam().text, "f.yaml", faults);
  ASSERT_FALSE(settings);
  EXPECT_NE(settings.error().message.find(GetParam().fault), std::string::npos) << settings.error().message;
}

INSTANTIATE_TEST_SUITE_P(
    Settings, Refused,
    testing::Values(Case{"UnknownKey", "lockdown:\n  mod: observe\n", "f.yaml:2:3"},
                    Case{"UnknownMode", "lockdown:\n  mode: on\n", "f.yaml:2:9"},
                    Case{"TooFewLeases", "lockdown:\n  limits:\n    leases: 1\n", "f.yaml:3:13"},
                    Case{"TimeWithoutUnit", "lockdown:\n  on_failure:\n    hang_time: 5\n", "f.yaml:3:16"}),
    by_name);

}  // namespace
}  // namespace bansoko::lockdown
