// SPDX-License-Identifier: Apache-2.0
#include "base/text.h"
#include "shield/detect/keyword.h"
#include "shield/detect/rule_builder.h"

namespace bansoko::keyword::absent {
namespace {

Result<> compile(const rule::Option& option, detect::RuleBuilder& rule) {
  const std::string_view word = trim(option.value);
  if (!word.empty() && word != "or_else") return fail(Errc::invalid, "'{}' is not 'or_else'", word);
  return rule.allow_absence(word.empty());
}

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{
      .name = "absent",
      .help = "the message does not have the buffer named before; or_else: or what follows holds of it",
      .valid = "nothing, or or_else",
      .value_optional = true,
      .compile = compile};
  return keyword;
}

}  // namespace bansoko::keyword::absent
