// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "shield/detect/rule_builder.h"
#include "shield/keyword/arguments.h"

/// Rule options that compare one number of the packet at hand.
namespace bansoko::keyword {

/// A range as Suricata's integer options write it: those of parse_range(), and =10, !=10, 5-10 (neither end
/// is in it). Fails where the number could not be more than `most`.
Result<Range> parse_integer(std::string_view text, std::uint64_t most);

template <std::optional<std::uint64_t> (*number_of)(const detect::EvalContext&) noexcept>
bool number_holds(const detect::EvalContext& at, const detect::CheckNumbers& numbers) noexcept {
  const std::optional<std::uint64_t> number = number_of(at);
  return number && contains(numbers, *number);
}

/// The compile() of such an option: `most` is the largest number that its field can hold.
template <std::optional<std::uint64_t> (*number_of)(const detect::EvalContext&) noexcept, std::uint64_t most>
Result<> compare_packet(const rule::Option& option, detect::RuleBuilder& rule) {
  BANSOKO_TRY(const Range range, parse_integer(option.value, most));
  rule.add_check({.holds = number_holds<number_of>, .numbers = as_numbers(range)});
  rule.need_packet();
  return {};
}

}  // namespace bansoko::keyword
