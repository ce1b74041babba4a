// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace bansoko::assess {

/// A day of the Gregorian calendar, without a zone.
using Date = std::chrono::sys_days;

/// What people read, in both languages.
enum class Lang : std::uint8_t { en, ja };

/// "2015-07-14", also as the beginning of a time ("2008-10-23T22:00Z") and without dashes ("20140114").
/// A day that no month has is refused.
Result<Date> parse_date(std::string_view text);

/// "2015-07-14", or "2015年7月14日".
std::string to_text(Date date, Lang lang = Lang::en);

/// Where the clock hangs that a vendor ends its support by.
enum class Zone : std::uint8_t { utc, us_pacific, japan };

/// The day in Japan on which the last day of support ends: it ends at 24:00 in the vendor's
/// zone, which is the next day in Japan for all zones to the west. Support until
/// 2015-07-14 (Pacific) is support until 2015-07-15 in Japan.
Date last_day_in_japan(Date last_day, Zone zone) noexcept;

}  // namespace bansoko::assess
