// SPDX-License-Identifier: Apache-2.0
#include <string>

#include "shield/detect/keyword.h"
#include "shield/detect/rule_builder.h"

namespace bansoko::keyword::nocase {
namespace {

Result<> compile(const rule::Option&, detect::RuleBuilder& rule) {
  BANSOKO_TRY(detect::Content* const content, rule.last_content());
  content->finder = pattern::Finder(std::string(as_text(content->finder.needle())), true);
  return {};
}

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{
      .name = "nocase", .help = "the content before it matches without regard to case", .compile = compile};
  return keyword;
}

}  // namespace bansoko::keyword::nocase
