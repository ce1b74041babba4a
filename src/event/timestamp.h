// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace bansoko::event {

/// "2026-11-22T02:47:00.123456+0000", as EVE writes it and always in UTC.
std::string format_time(std::chrono::system_clock::time_point time);

/// The reverse, for the years 1970 to 2261, which is what the clock can hold.
std::optional<std::chrono::system_clock::time_point> parse_time(std::string_view text);

}  // namespace bansoko::event
