// SPDX-License-Identifier: Apache-2.0
#include "shield/detect/keyword.h"
#include "shield/detect/rule_builder.h"
#include "shield/keyword/packet_number.h"

namespace bansoko::keyword::ttl {
namespace {

bool holds(const detect::EvalContext& at, const detect::CheckNumbers& numbers) noexcept {
  return contains(numbers, at.packet.ttl);
}

Result<> compile(const rule::Option& option, detect::RuleBuilder& rule) {
  BANSOKO_TRY(const Range range, parse_integer(option.value, 255));
  rule.add_check({.holds = holds, .numbers = as_numbers(range)});
  rule.need_packet();
  return {};
}

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{.name = "ttl",
                                           .help = "the packet's time to live, or hop limit",
                                           .valid = "10, <10, >10, 10<>20 or !10",
                                           .compile = compile};
  return keyword;
}

}  // namespace bansoko::keyword::ttl
