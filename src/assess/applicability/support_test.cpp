// SPDX-License-Identifier: Apache-2.0
#include "assess/applicability/support.h"

#include <array>

#include <gtest/gtest.h>

namespace bansoko::assess {
namespace {

Date day(std::string_view text) { return *parse_date(text); }

SupportState of(const OperatingSystem& os, std::span<const Support> known, std::string_view today) {
  Host host;
  host.os = os;
  const std::vector<Role> roles;
  return support_of({host, roles}, known, day(today));
}

const std::array kKnown{
    Support{.record = {.product = "microsoft:windows_server_2003",
                       .cycle = "sp2",
                       .label = "SP2",
                       .mainstream_end = day("2010-07-13"),
                       .end = day("2015-07-14")},
            .zone = Zone::us_pacific,
            .when = Condition{.kind = Condition::Kind::service_pack, .least = 2, .most = 2}},
    Support{.record = {.product = "centos:centos", .cycle = "7", .end = day("2024-06-30")}},
    Support{.record = {.product = "redhat:enterprise_linux",
                       .cycle = "6",
                       .end = day("2020-11-30"),
                       .extended_end = day("2029-05-31")}},
    Support{.record = {.product = "old:thing", .cycle = "1", .ended = true}}};

TEST(Support, EndsAfterItsLastDay) {
  const OperatingSystem os{.product = "microsoft:windows_server_2003", .service_pack = 2};
  EXPECT_EQ(of(os, kKnown, "2010-07-13").phase, SupportPhase::supported);
  EXPECT_EQ(of(os, kKnown, "2010-07-14").phase, SupportPhase::extended);
  EXPECT_EQ(of(os, kKnown, "2015-07-14").phase, SupportPhase::extended);
  EXPECT_EQ(of(os, kKnown, "2015-07-15").phase, SupportPhase::ended);
  EXPECT_EQ(of(os, kKnown, "2026-01-01").last_day, day("2015-07-14"));
  EXPECT_EQ(of({.product = "microsoft:windows_server_2003"}, kKnown, "2026-01-01").phase,
            SupportPhase::unknown)
      << "the service pack is not known";
}

TEST(Support, IsThatOfTheCycleThatTheVersionBeginsWith) {
  EXPECT_EQ(of({.product = "centos:centos", .version = "7.9.2009"}, kKnown, "2026-01-01").phase,
            SupportPhase::ended);
  EXPECT_EQ(of({.product = "centos:centos", .version = "70"}, kKnown, "2026-01-01").phase,
            SupportPhase::unknown);
  EXPECT_EQ(of({.product = "redhat:enterprise_linux", .version = "6.10"}, kKnown, "2026-01-01").phase,
            SupportPhase::paid);
  EXPECT_EQ(of({.product = "old:thing", .version = "1"}, kKnown, "2026-01-01").phase, SupportPhase::ended);
}

}  // namespace
}  // namespace bansoko::assess
