// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "base/range.h"
#include "base/result.h"

namespace bansoko::keyword {

inline constexpr std::string_view kValidDates = "2015, >2015-10-22, <2015-10-22 23:59, 2014<>2016-05";

/// Times in UTC as a range of seconds since 1970: "2015-10-22 23:59:59" or its beginning, with <, > before it
/// or
/// <> between two. What is left out is the earliest there is.
Result<Range> parse_dates(std::string_view text);

}  // namespace bansoko::keyword
