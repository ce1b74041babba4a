// SPDX-License-Identifier: Apache-2.0
#include "shield/detect/keyword.h"
#include "shield/detect/rule_builder.h"
#include "shield/keyword/arguments.h"

namespace bansoko::keyword::rev {
namespace {

Result<> compile(const rule::Option& option, detect::RuleBuilder& rule) {
  BANSOKO_TRY(const auto number, number_within(option.value, 0, 0xffffffff));
  rule.info().rev = static_cast<std::uint32_t>(number);
  return {};
}

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{.name = "rev",
                                           .help = "the rule's revision",
                                           .valid = "a number from 0 to 4294967295",
                                           .compile = compile};
  return keyword;
}

}  // namespace bansoko::keyword::rev
