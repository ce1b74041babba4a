// SPDX-License-Identifier: Apache-2.0
#include "shield/detect/keyword.h"
#include "shield/detect/rule_builder.h"

namespace bansoko::keyword::luaxform {
namespace {

Result<> compile(const rule::Option&, detect::RuleBuilder&) {
  return fail(Errc::unsupported, "rules cannot bring programs along");
}

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{.name = "luaxform",
                                           .help = "not provided for",
                                           .valid = "a rule with it is refused",
                                           .compile = compile};
  return keyword;
}

}  // namespace bansoko::keyword::luaxform
