// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>
#include <string_view>

#include "base/result.h"

namespace bansoko {

/// An inclusive range of numbers, as rule options write it: 10, <10, <=10, >10, >=10, 10<>20 or 10-20 (both
/// exclusive), !10.
struct Range {
  std::uint64_t low = 0;
  std::uint64_t high = std::numeric_limits<std::uint64_t>::max();
  bool negated = false;

  bool contains(std::uint64_t value) const noexcept { return (low <= value && value <= high) != negated; }
  friend bool operator==(const Range&, const Range&) = default;
};

/// Numbers may be decimal or 0x hexadecimal. Fails on a range that holds no number.
Result<Range> parse_range(std::string_view text);

/// One number, decimal or 0x hexadecimal, with nothing around it but blanks.
Result<std::uint64_t> parse_number(std::string_view text);

}  // namespace bansoko
