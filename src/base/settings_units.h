// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/settings.h"

namespace bansoko::settings {

/// "64 MiB", "30 s", "17": a whole number and its unit. Bytes may stand without one, times may not.
Result<std::uint64_t> parse_amount(std::string_view text, Unit unit);

/// The same in the largest unit that divides it: 4096 bytes are "4 KiB", 600 s are "10 min".
std::string format_amount(std::uint64_t amount, Unit unit);

/// "a size from 1 MiB to 4 GiB".
std::string describe(const Allowed& allowed);

}  // namespace bansoko::settings
