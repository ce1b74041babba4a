// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "assess/feed/test_samples.h"

namespace bansoko::feed::debian_dsa {
const FeedFormat& describe();

namespace {

struct Case {
  std::string_view name;
  std::string text;
  std::string_view told;
};

class DebianDsa : public testing::TestWithParam<Case> {};

constexpr std::string_view kHeading = "[24 Sep 2014] DSA-3032-1 bash - security update\n";

TEST_P(DebianDsa, IsRead) {
  EXPECT_EQ(told(describe(), "list", std::string(kHeading) + GetParam().text), GetParam().told);
}

INSTANTIATE_TEST_SUITE_P(
    All, DebianDsa,
    testing::Values(
        Case{"Advisory", "\t{CVE-2014-6271 CVE-2014-7169}\n\t[wheezy] - bash 4.2+dfsg-0.1+deb7u1\n",
             "debian wheezy source bash fixed 4.2+dfsg-0.1+deb7u1 DSA-3032-1 CVE-2014-6271 - - 2014-09-24\n"
             "debian wheezy source bash fixed 4.2+dfsg-0.1+deb7u1 DSA-3032-1 CVE-2014-7169 - - 2014-09-24\n"
             "DSA 2014-09-24  2\n"},
        Case{"TwoAdvisories",
             "\t{CVE-2014-6271}\n[23 Sep 2014] DSA-3031-1 apt - x\n\t[wheezy] - apt 0.9.7 (bug #1)\n\tNOTE: "
             "x\n",
             "debian wheezy source apt fixed 0.9.7 DSA-3031-1 - - - 2014-09-23\nDSA 2014-09-24  1\n"},
        Case{"Marks",
             "\t[a] - b <not-affected>\n\t[a] - b <unfixed>\n\t[a] - b <end-of-life> (x)\n\t[a] - b "
             "<undetermined>",
             "debian a source b not_affected - DSA-3032-1 - - - 2014-09-24\n"
             "debian a source b affected - DSA-3032-1 - - - 2014-09-24\n"
             "debian a source b will_not_fix - DSA-3032-1 - - - 2014-09-24\n"
             "debian a source b undetermined - DSA-3032-1 - - - 2014-09-24\nDSA 2014-09-24  4\n"},
        Case{"OtherLines", "\tx\n\t{CAN-2004-0001}\n\n",
             "DSA 2014-09-24  0; line of another kind 1; name that is no CVE 1\n"},
        Case{"NoHeading", "x\n", "line 2: 'x' is no advisory (valid: [24 Sep 2014] DSA-3032-1 bash)"},
        Case{"NoDay", "[31 Sep 2014] DSA-1 b\n",
             "line 2: '[31 Sep 2014] DSA-1 b' is no advisory (valid: [24 Sep 2014] DSA-3032-1 bash)"},
        Case{"NoFix", "\t[wheezy] bash\n", "line 2: '[wheezy] bash' is no fix (valid: [wheezy] - bash 4.2)"},
        Case{"CutInAFix", "\t[wheezy", "line 2: '[wheezy' is no fix (valid: [wheezy] - bash 4.2)"}),
    [](const auto& row) { return std::string(row.param.name); });

TEST(DebianDsaFormat, EachLimit) {
  EXPECT_EQ(told(describe(), "list", kHeading, {.max_text = 10}), "line 1: longer than 10 bytes");
  EXPECT_EQ(told(describe(), "list", kHeading, {.max_bytes = 10}), "line 1: more than 10 bytes");
  EXPECT_EQ(told(describe(), "list", ""), "line 1: no advisory");
}

TEST(DebianDsaFormat, IsRecognised) {
  EXPECT_TRUE(describe().recognises("list", kHeading));
  EXPECT_TRUE(describe().recognises("list", "[04 Jun 2014] DLA-2-1 x\n"));
  EXPECT_FALSE(describe().recognises("list", "[main]\n"));
}

}  // namespace
}  // namespace bansoko::feed::debian_dsa
