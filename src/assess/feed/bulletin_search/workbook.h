// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <span>
#include <string>

#include "assess/feed/feed.h"
#include "base/bytes.h"

namespace bansoko::feed::bulletin_search {

/// A row of a sheet: the text of each cell by its column; "" where the cell is empty. Numbers stand as the
/// file has them.
struct Row {
  std::string_view sheet;  // "xl/worksheets/sheet1.xml"
  std::uint64_t number = 0;
  std::span<const std::string> cells;
  bool dates_from_1904 = false;
};

using OnRow = std::function<Result<>(const Row& row)>;

/// The day that a date's number means: 39763 is 2008-11-11; in workbooks of old Macintosh it counts from
/// 1904.
std::optional<assess::Date> day_of_number(std::string_view text, bool from_1904);

/// Reads the rows of all sheets of a workbook (Office Open XML, ECMA-376 part 1, 18.3 and 18.4), sheet by
/// sheet.
Result<> read_workbook(Bytes archive, const Limits& limits, const OnRow& on_row);

}  // namespace bansoko::feed::bulletin_search
