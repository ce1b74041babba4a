// SPDX-License-Identifier: Apache-2.0
#include "assess/model/date.h"

#include <gtest/gtest.h>

namespace bansoko::assess {
namespace {

std::string parsed(std::string_view text) {
  const auto date = parse_date(text);
  return date ? to_text(*date) : date.error().message;
}

TEST(Date, IsReadInEachForm) {
  EXPECT_EQ(parsed("2015-07-14"), "2015-07-14");
  EXPECT_EQ(parsed("2008-10-23T22:00Z"), "2008-10-23");
  EXPECT_EQ(parsed("2024-06-08 00:00:00"), "2024-06-08");
  EXPECT_EQ(parsed("20140114"), "2014-01-14");
  EXPECT_EQ(parsed("2024-02-29"), "2024-02-29");
}

TEST(Date, WhatIsNoneIsRefused) {
  for (const std::string_view text :
       {"", "2015", "2015-07", "2015-13-01", "2023-02-29", "2015-07-14x", "2015-7-14", "-015-07-14",
        "2015/07/14", "201401140", "20141301", "2014011"})
    EXPECT_EQ(parsed(text), "'" + std::string(text) + "' is not a date (valid: 2015-07-14)");
}

TEST(Date, SupportUntilADayInTheWestEndsOneDayLaterInJapan) {
  const Date end = *parse_date("2015-07-14");
  EXPECT_EQ(to_text(last_day_in_japan(end, Zone::us_pacific), Lang::ja), "2015年7月15日");
  EXPECT_EQ(to_text(last_day_in_japan(end, Zone::japan), Lang::ja), "2015年7月14日");
  EXPECT_EQ(to_text(last_day_in_japan(*parse_date("2016-12-31"), Zone::utc)), "2017-01-01");
}

}  // namespace
}  // namespace bansoko::assess
