// SPDX-License-Identifier: Apache-2.0
#include "event/timestamp.h"

#include <charconv>

#include <fmt/core.h>

namespace bansoko::event {

namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::microseconds;
using std::chrono::sys_days;
using std::chrono::system_clock;

/// Digits only, where 'd' stands in the form; the form's own characters elsewhere.
bool has_form(std::string_view text) noexcept {
  constexpr std::string_view kForm = "dddd-dd-ddTdd:dd:dd.dddddd+0000";
  if (text.size() != kForm.size()) return false;
  for (std::size_t i = 0; i < kForm.size(); ++i)
    if (kForm[i] == 'd' ? text[i] < '0' || text[i] > '9' : text[i] != kForm[i]) return false;
  return true;
}

unsigned number_at(std::string_view text, std::size_t at, std::size_t size) noexcept {
  unsigned value = 0;
  std::from_chars(text.data() + at, text.data() + at + size, value);
  return value;
}

}  // namespace

std::string format_time(system_clock::time_point time) {
  const auto whole = floor<microseconds>(time);
  const auto day = floor<days>(whole);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(whole - day);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:06}+0000", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count(),
                     clock.subseconds().count());
}

std::optional<system_clock::time_point> parse_time(std::string_view text) {
  if (!has_form(text)) return std::nullopt;
  const std::chrono::year_month_day date(std::chrono::year(static_cast<int>(number_at(text, 0, 4))),
                                         std::chrono::month(number_at(text, 5, 2)),
                                         std::chrono::day(number_at(text, 8, 2)));
  const unsigned hour = number_at(text, 11, 2);
  const unsigned minute = number_at(text, 14, 2);
  const unsigned second = number_at(text, 17, 2);
  const bool in_range = date.ok() && date.year() >= std::chrono::year(1970) &&
                        date.year() <= std::chrono::year(2261) && hour < 24 && minute < 60 && second < 60;
  if (!in_range) return std::nullopt;
  return sys_days(date) + std::chrono::hours(hour) + std::chrono::minutes(minute) +
         std::chrono::seconds(second) + microseconds(number_at(text, 20, 6));
}

}  // namespace bansoko::event
