// SPDX-License-Identifier: Apache-2.0
#include "shield/detect/keyword.h"
#include "shield/detect/rule_builder.h"

namespace bansoko::keyword::bypass {
namespace {

Result<> compile(const rule::Option&, detect::RuleBuilder& rule) {
  rule.warn("it changes nothing: flows are inspected to their depth");
  return {};
}

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{
      .name = "bypass", .help = "accepted, and changes nothing", .compile = compile};
  return keyword;
}

}  // namespace bansoko::keyword::bypass
