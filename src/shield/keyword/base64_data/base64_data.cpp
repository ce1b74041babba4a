// SPDX-License-Identifier: Apache-2.0
#include "shield/detect/keyword.h"
#include "shield/detect/rule_builder.h"

namespace bansoko::keyword::base64_data {
namespace {

Result<> compile(const rule::Option&, detect::RuleBuilder& rule) { return rule.look_into_decoded(); }

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{
      .name = "base64_data", .help = "later options look into what base64_decode gave", .compile = compile};
  return keyword;
}

}  // namespace bansoko::keyword::base64_data
