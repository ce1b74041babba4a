// SPDX-License-Identifier: Apache-2.0
#include "shield/detect/keyword.h"
#include "shield/detect/rule_builder.h"
#include "shield/keyword/arguments.h"

namespace bansoko::keyword::msg {
namespace {

Result<> compile(const rule::Option& option, detect::RuleBuilder& rule) {
  BANSOKO_TRY(const auto quoted, rule::unquote(option.value));
  if (quoted.negated) return fail(Errc::invalid, "a message cannot be negated");
  rule.tell_message(unescape(quoted.text));
  return {};
}

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{
      .name = "msg", .help = "what people read when it matches", .valid = "\"text\"", .compile = compile};
  return keyword;
}

}  // namespace bansoko::keyword::msg
