// SPDX-License-Identifier: Apache-2.0
#include "shield/keyword/cert_dates.h"

#include <array>
#include <chrono>

#include "base/text.h"

namespace bansoko::keyword {
namespace {

Result<std::uint64_t> parse_date(std::string_view text) {
  const std::string_view whole = trim(text);
  // Year, month, day, hour, minute, second; each behind its sign, each but the first of two digits.
  constexpr std::array<std::string_view, 6> kSigns{"", "-", "-", " T", ":", ":"};
  std::array<unsigned, 6> parts{0, 1, 1, 0, 0, 0};
  std::string_view rest = whole;
  for (std::size_t i = 0; i < parts.size() && (i == 0 || !rest.empty()); ++i) {
    const std::size_t digits = i == 0 ? 4 : 2;
    const bool has_sign = i == 0 || kSigns[i].find(rest.front()) != std::string_view::npos;
    if (i > 0) rest.remove_prefix(1);
    if (!has_sign || rest.size() < digits) return fail(Errc::invalid, "'{}' is not a date", whole);
    BANSOKO_TRY(const auto number, parse_number(rest.substr(0, digits)));
    parts[i] = static_cast<unsigned>(number);
    rest.remove_prefix(digits);
  }
  namespace chrono = std::chrono;
  const chrono::year_month_day day{chrono::year(static_cast<int>(parts[0])), chrono::month(parts[1]),
                                   chrono::day(parts[2])};
  if (!rest.empty() || !day.ok() || parts[0] < 1970 || parts[3] > 23 || parts[4] > 59 || parts[5] > 59)
    return fail(Errc::invalid, "'{}' is not a date", whole);
  const auto days = chrono::sys_days(day).time_since_epoch().count();
  const std::uint64_t minutes = std::uint64_t{parts[3]} * 60 + parts[4];
  return static_cast<std::uint64_t>(days) * 86400 + minutes * 60 + parts[5];
}

}  // namespace

Result<Range> parse_dates(std::string_view text) {
  const std::string_view whole = trim(text);
  if (const auto split = whole.find("<>"); split != std::string_view::npos) {
    BANSOKO_TRY(const auto low, parse_date(whole.substr(0, split)));
    BANSOKO_TRY(const auto high, parse_date(whole.substr(split + 2)));
    if (high < low + 2) return fail(Errc::invalid, "'{}' holds no time", whole);
    return Range{.low = low + 1, .high = high - 1};
  }
  const char sign = whole.empty() ? '\0' : whole.front();
  BANSOKO_TRY(const auto date, parse_date(sign == '<' || sign == '>' ? whole.substr(1) : whole));
  if (sign == '>') return Range{.low = date + 1};
  if (sign != '<') return Range{.low = date, .high = date};
  if (date == 0) return fail(Errc::invalid, "'{}' holds no time", whole);
  return Range{.high = date - 1};
}

}  // namespace bansoko::keyword
