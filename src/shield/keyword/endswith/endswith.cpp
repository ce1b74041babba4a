// SPDX-License-Identifier: Apache-2.0
#include "shield/detect/keyword.h"
#include "shield/detect/rule_builder.h"

namespace bansoko::keyword::endswith {
namespace {

Result<> compile(const rule::Option&, detect::RuleBuilder& rule) {
  BANSOKO_TRY(detect::Content* const content, rule.last_content());
  content->at_end = true;
  return {};
}

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{.name = "endswith",
                                           .help = "the content before it stands at the end of the buffer",
                                           .compile = compile};
  return keyword;
}

}  // namespace bansoko::keyword::endswith
