// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

namespace bansoko::proto::http {

/// What a Range header asks for (RFC 9110 section 14.2).
struct RangeNumbers {
  std::uint64_t count = 0;
  std::uint64_t overlaps = 0;     // of them, those that begin at or before the end of an earlier one
  std::uint64_t highest_end = 0;  // the highest last byte that is stated; what is larger counts as 2^64-1
};

RangeNumbers read_ranges(std::string_view value) noexcept;

/// The length of the longest path among the URLs in angle brackets of an If header (RFC 4918 section 10.4),
/// in characters: an escape or a sequence of UTF-8 is one. State tokens that name no host have no path.
std::uint64_t longest_path(std::string_view if_value) noexcept;

/// How many parameters of a form (application/x-www-form-urlencoded) have the name that most of them have.
/// Names are told apart by 8 bits of a sum, so others may be counted with them.
std::uint64_t most_of_one_name(std::string_view form) noexcept;

}  // namespace bansoko::proto::http
