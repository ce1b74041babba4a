// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "assess/feed/test_samples.h"

namespace bansoko::feed::debian_tracker {
const FeedFormat& describe();

namespace {

struct Case {
  std::string_view name;
  std::string text;
  std::string_view told;
};

class DebianTracker : public testing::TestWithParam<Case> {};

std::string release(std::string_view fields) {
  return fmt::format(R"({{"bash":{{"CVE-2014-6271":{{"releases":{{"wheezy":{{{}}}}}}}}}}})", fields);
}

TEST_P(DebianTracker, IsRead) { EXPECT_EQ(told(describe(), "json", GetParam().text), GetParam().told); }

INSTANTIATE_TEST_SUITE_P(
    All, DebianTracker,
    testing::Values(
        Case{"Fixed", release(R"("status":"resolved","fixed_version":"4.2-1","urgency":"high")"),
             "debian wheezy source bash fixed 4.2-1 - CVE-2014-6271 high -\n -  1\n"},
        Case{"NeverAffected", release(R"("status":"resolved","fixed_version":"0","urgency":"low")"),
             "debian wheezy source bash not_affected - - CVE-2014-6271 low -\n -  1\n"},
        Case{"Open", release(R"("status":"open","nodsa":"Minor issue","nodsa_reason":"postponed")"),
             "debian wheezy source bash affected - - CVE-2014-6271 - -\n -  1\n"},
        Case{"Ignored", release(R"("status":"open","nodsa_reason":"ignored")"),
             "debian wheezy source bash will_not_fix - - CVE-2014-6271 - -\n -  1\n"},
        Case{"EndOfLife", release(R"("status":"open","urgency":"end-of-life")"),
             "debian wheezy source bash will_not_fix - - CVE-2014-6271 end-of-life -\n -  1\n"},
        Case{"Undetermined", release(R"("status":"undetermined")"),
             "debian wheezy source bash undetermined - - CVE-2014-6271 - -\n -  1\n"},
        Case{"FixedInNoVersion", release(R"("status":"resolved")"),
             " -  0; neither fixed, open nor undetermined 1\n"},
        Case{"OtherStatus", release(R"("status":"x")"), " -  0; neither fixed, open nor undetermined 1\n"},
        Case{"WithoutCve", R"({"bash":{"TEMP-1-2":{"releases":{"sid":{"status":"open"}}}}})",
             "debian sid source bash affected - TEMP-1-2 - - -\n -  1\n"},
        Case{"NoReleases", R"({"bash":{"CVE-2014-6271":{}}})", "CVE-2014-6271 of bash has no releases"},
        Case{"Empty", "{}", " -  0\n"}),
    [](const auto& row) { return std::string(row.param.name); });

TEST(DebianTrackerFormat, WhatIsNoJsonIsRefused) {
  EXPECT_FALSE(told(describe(), "json", "invalid").ends_with("\n"));
  EXPECT_FALSE(told(describe(), "json", R"({"bash":{"CVE-2014-6271":{"releases":)").ends_with("\n"));
}

TEST(DebianTrackerFormat, IsRecognised) {
  EXPECT_TRUE(describe().recognises("json", R"({"bash":{"CVE-2014-6271":{"description":"long)"));
  EXPECT_TRUE(describe().recognises("json", "{\n \"bash\" : {\n \"TEMP-1-2\" : {"));
  for (const std::string_view head :
       {R"({"CVE-2014-6271":{)", R"({"bash":{"CVE-2014-6271":1)", R"({"bash":["CVE-2014-6271")",
        R"({"a":{"b":{)", R"({"bash":{"CVE-2014-6271)", R"({"bash)", "", "{"})
    EXPECT_FALSE(describe().recognises("json", head)) << head;
}

}  // namespace
}  // namespace bansoko::feed::debian_tracker
