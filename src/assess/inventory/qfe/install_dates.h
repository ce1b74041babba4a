// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "assess/model/date.h"

namespace bansoko::inventory::qfe {

/// In which order a list writes day and month: the host's locale decides, and only a number above 12 tells.
enum class DateOrder : unsigned char { unknown, month_first, day_first };
DateOrder order_of(const std::vector<std::string_view>& dates);

/// "3/17/2019", "17.03.2019", "2019/03/17", "20190321", and a FILETIME in hexadecimal digits as Vista writes
/// it
/// ("01d4dfd0fb4eb361"). Nothing where the order is not known and counts.
std::optional<assess::Date> install_date(std::string_view text, DateOrder order);

}  // namespace bansoko::inventory::qfe
