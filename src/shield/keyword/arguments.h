// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/range.h"
#include "base/result.h"
#include "shield/detect/rule_builder.h"

/// What the arguments of several rule options have in common.
namespace bansoko::keyword {

/// The parts between commas, blanks at their ends gone.
std::vector<std::string_view> split(std::string_view text, char separator = ',');

/// "multiplier 4" into its word and the rest, blanks gone; the rest is empty for a word alone.
struct Setting {
  std::string_view name;
  std::string_view value;
};
Setting split_setting(std::string_view text);

/// A whole number from `least` to `most`.
Result<std::uint64_t> number_within(std::string_view text, std::uint64_t least, std::uint64_t most);

/// A range, in the form that a check keeps it.
detect::CheckNumbers as_numbers(const Range& range) noexcept;
inline bool contains(const detect::CheckNumbers& numbers, std::uint64_t value) noexcept {
  return (numbers[0] <= value && value <= numbers[1]) != (numbers[2] != 0);
}

/// Takes one of the settings about how a number is written ("relative", "little", "string", "hex", "bitmask
/// 0xff"...). Gives false if it is none of them.
Result<bool> apply_number_setting(const Setting& setting, detect::NumberForm& number);

/// Checks that base and size of a number fit together, once all settings are known.
Result<> check_number(const detect::NumberForm& number);

/// A count of bytes: 1 to 8, or the name of a variable.
Result<detect::Amount> size_of_number(std::string_view text, const detect::RuleBuilder& rule);

/// "abc|0d 0a|\\;" into bytes.
Result<std::string> content_bytes(std::string_view text);

/// Takes the backslash from escaped quotes, semicolons, colons and backslashes.
std::string unescape(std::string_view text);

}  // namespace bansoko::keyword
