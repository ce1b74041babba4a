// SPDX-License-Identifier: Apache-2.0
#include "assess/model/banner.h"

#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "tests/cases.h"

namespace bansoko::assess {
namespace {

struct Case {
  std::string_view name;
  std::string_view pattern;
  std::string banner;
  std::string_view version;  // "-": it does not match
};

class BannerPatternMatch : public testing::TestWithParam<Case> {};

TEST_P(BannerPatternMatch, TakesTheVersion) {
  const auto pattern = BannerPattern::parse(GetParam().pattern);
  ASSERT_TRUE(pattern) << pattern.error().message;
  EXPECT_EQ(pattern->match(GetParam().banner).value_or("-"), GetParam().version);
}

INSTANTIATE_TEST_SUITE_P(
    Model, BannerPatternMatch,
    testing::Values(Case{"Whole", "Microsoft-IIS/{version}", "Microsoft-IIS/6.0", "6.0"},
                    Case{"AnyCase", "microsoft-iis/{version}", "Microsoft-IIS/6.0", "6.0"},
                    Case{"GoesOn", "Apache/{version}", "Apache/2.2.3 (CentOS) DAV/2", "2.2.3"},
                    Case{"Letters", "*OpenSSL/{version}", "Apache/2.2.3 OpenSSL/0.9.8e-fips-rhel5", "0.9.8e"},
                    Case{"Ssh", "SSH-{word}OpenSSH_{version}", "SSH-2.0-OpenSSH_5.3p1", "-"},
                    Case{"SshByStar", "SSH-*-OpenSSH_{version} Debian", "SSH-2.0-OpenSSH_5.3p1 Debian-3",
                         "5.3p1"},
                    Case{"WithoutVersion", "Apache-Coyote", "Apache-Coyote/1.1", ""},
                    Case{"AnotherBeginning", "Apache/{version}", "IBM Apache/1.3", "-"},
                    Case{"NoVersionThere", "Apache/{version}", "Apache/x", "-"},
                    Case{"DotAtTheEnd", "Sendmail {version}", "Sendmail 8.12.", "8.12"},
                    Case{"StarTriesAgain", "*a{version}", "axa1", "1"},
                    Case{"VersionAlone", "{version}", "5.1.73-log", "5.1.73"},
                    Case{"TwoStars", "*b*c{version}", "abxc.c7", "7"},
                    Case{"Word", "{word} ESMTP Exim {version}", "mx.example ESMTP Exim 4.69", "4.69"},
                    Case{"ShorterThanTheText", "Apache", "Apa", "-"}, Case{"Nothing", "Apache", "", "-"},
                    Case{"AtTheLimit", "*x1", std::string(510, 'a') + "x1", ""},
                    Case{"BeyondIt", "*x1", std::string(511, 'a') + "x1", "-"}),
    by_name);

struct Wrong {
  std::string_view name;
  std::string_view pattern;
  std::string_view message;
};

class WrongPattern : public testing::TestWithParam<Wrong> {};

TEST_P(WrongPattern, IsRefused) {
  const auto pattern = BannerPattern::parse(GetParam().pattern);
  ASSERT_FALSE(pattern);
  EXPECT_EQ(pattern.error().message, GetParam().message);
}

INSTANTIATE_TEST_SUITE_P(
    Model, WrongPattern,
    testing::Values(Wrong{"ThreeStars", "*a*b*c", "more than 2 stars"},
                    Wrong{"Place", "a{os}", "'{os}' is no place (valid: {version}, {word})"},
                    Wrong{"TwoVersions", "a{version} {version}", "more than one {version}"},
                    Wrong{"NoText", "*{version}",
                          "a banner is told by some text, or begins with its version"},
                    Wrong{"Empty", "", "a banner is told by some text, or begins with its version"}),
    by_name);

}  // namespace
}  // namespace bansoko::assess
