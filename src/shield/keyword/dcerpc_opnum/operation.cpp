// SPDX-License-Identifier: Apache-2.0
#include "shield/keyword/dcerpc_opnum/operation.h"

#include <vector>

#include "shield/keyword/arguments.h"

namespace bansoko::keyword {
namespace {

constexpr std::uint64_t kMostOperation = 0xFFFF;

Result<Range> read_operations(std::string_view text) {
  const auto ends = split(text, '-');
  if (ends.size() > 2) return fail(Errc::invalid, "'{}' is not an operation or a range of them", text);
  BANSOKO_TRY(const auto low, number_within(ends.front(), 0, kMostOperation));
  BANSOKO_TRY(const auto high, number_within(ends.back(), low, kMostOperation));
  return Range{.low = low, .high = high};
}

}  // namespace

Result<> ask_for_operation(std::string_view argument, detect::RuleBuilder& rule) {
  std::vector<Range> ranges;
  for (const std::string_view part : split(argument)) {
    BANSOKO_TRY(const Range range, read_operations(part));
    ranges.push_back(range);
  }
  return rule.add_field("dcerpc.opnum", ranges);
}

}  // namespace bansoko::keyword
