// SPDX-License-Identifier: Apache-2.0
#include "shield/detect/keyword.h"
#include "shield/detect/rule_builder.h"
#include "shield/keyword/arguments.h"

namespace bansoko::keyword::sid {
namespace {

Result<> compile(const rule::Option& option, detect::RuleBuilder& rule) {
  BANSOKO_TRY(const auto number, number_within(option.value, 1, 0xffffffff));
  rule.info().sid = static_cast<std::uint32_t>(number);
  return {};
}

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{.name = "sid",
                                           .help = "the rule's number",
                                           .valid = "a number from 1 to 4294967295",
                                           .compile = compile};
  return keyword;
}

}  // namespace bansoko::keyword::sid
