// SPDX-License-Identifier: Apache-2.0
#include "shield/detect/keyword.h"
#include "shield/detect/rule_builder.h"

namespace bansoko::keyword::frame {
namespace {

Result<> compile(const rule::Option&, detect::RuleBuilder&) {
  return fail(Errc::unsupported, "frames of protocols are not told: name a buffer instead");
}

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{.name = "frame",
                                           .help = "refused: say in which buffer to look",
                                           .valid = "a rule with it is refused",
                                           .compile = compile};
  return keyword;
}

}  // namespace bansoko::keyword::frame
