// SPDX-License-Identifier: Apache-2.0
#include "shield/detect/keyword.h"
#include "shield/detect/rule_builder.h"

namespace bansoko::keyword::metadata {
namespace {

Result<> compile(const rule::Option& option, detect::RuleBuilder& rule) {
  rule.tell_metadata(option.value);
  return {};
}

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{.name = "metadata",
                                           .help = "facts about the rule that come with its events",
                                           .valid = "KEY VALUE[, KEY VALUE...]",
                                           .compile = compile};
  return keyword;
}

}  // namespace bansoko::keyword::metadata
