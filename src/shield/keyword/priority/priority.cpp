// SPDX-License-Identifier: Apache-2.0
#include "shield/detect/keyword.h"
#include "shield/detect/rule_builder.h"
#include "shield/keyword/arguments.h"

namespace bansoko::keyword::priority {
namespace {

Result<> compile(const rule::Option& option, detect::RuleBuilder& rule) {
  BANSOKO_TRY(const auto priority, number_within(option.value, 1, 255));
  rule.state_priority(static_cast<std::uint32_t>(priority));
  return {};
}

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{.name = "priority",
                                           .help = "how urgent a match is: 1 is most",
                                           .valid = "a number from 1 to 255",
                                           .compile = compile};
  return keyword;
}

}  // namespace bansoko::keyword::priority
