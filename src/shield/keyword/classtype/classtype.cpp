// SPDX-License-Identifier: Apache-2.0
#include "shield/detect/keyword.h"
#include "shield/detect/rule_builder.h"

namespace bansoko::keyword::classtype {
namespace {

Result<> compile(const rule::Option& option, detect::RuleBuilder& rule) {
  const auto& known = *rule.settings().classifications;
  const auto found = known.find(option.value);
  if (found == known.end())
    return fail(Errc::invalid, "'{}' is not in the classification file", option.value);
  rule.tell_category(found->second.description);
  rule.class_priority(found->second.priority);
  return {};
}

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{.name = "classtype",
                                           .help = "the class of what the rule finds",
                                           .valid = "a name from classification.config",
                                           .compile = compile};
  return keyword;
}

}  // namespace bansoko::keyword::classtype
