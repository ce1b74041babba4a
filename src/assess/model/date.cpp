// SPDX-License-Identifier: Apache-2.0
#include "assess/model/date.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "base/printable.h"

namespace bansoko::assess {
namespace {

/// The number that exactly these digits make; less than 0: they are no digits.
int digits(std::string_view text) noexcept {
  int number = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return -1;
    number = number * 10 + (c - '0');
  }
  return text.empty() ? -1 : number;
}

}  // namespace

Result<Date> parse_date(std::string_view text) {
  const bool dashes = text.size() >= 10 && text[4] == '-' && text[7] == '-';
  const std::size_t size = dashes ? 10 : 8;
  const bool ends =
      text.size() == size || (text.size() > size && dashes && (text[10] == 'T' || text[10] == ' '));
  if (!ends)
    return fail(Errc::invalid, "'{}' is not a date (valid: 2015-07-14)", printable(text.substr(0, 40)));
  const int year = digits(text.substr(0, 4));
  const int month = digits(text.substr(dashes ? 5 : 4, 2));
  const int day = digits(text.substr(dashes ? 8 : 6, 2));
  const std::chrono::year_month_day date(std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day)));
  if (year < 0 || month < 0 || day < 0 || !date.ok())
    return fail(Errc::invalid, "'{}' is not a date (valid: 2015-07-14)", printable(text.substr(0, 40)));
  return Date(date);
}

std::string to_text(Date date, Lang lang) {
  const std::chrono::year_month_day day(date);
  const int year = static_cast<int>(day.year());
  const unsigned month = static_cast<unsigned>(day.month()), of_month = static_cast<unsigned>(day.day());
  if (lang == Lang::ja) return fmt::format("{}年{}月{}日", year, month, of_month);
  return fmt::format("{:04}-{:02}-{:02}", year, month, of_month);
}

Date last_day_in_japan(Date last_day, Zone zone) noexcept {
  // The last day ends at 24:00 in its zone: at 07:00 or 08:00 UTC of the next day for US Pacific, at 00:00
  // UTC of the next for UTC. In Japan (UTC+9) that is in the next day both times.
  return zone == Zone::japan ? last_day : last_day + std::chrono::days(1);
}

}  // namespace bansoko::assess
