// SPDX-License-Identifier: Apache-2.0
#include "shield/detect/keyword.h"
#include "shield/detect/rule_builder.h"

namespace bansoko::keyword::noalert {
namespace {

Result<> compile(const rule::Option&, detect::RuleBuilder& rule) {
  rule.info().noalert = true;
  return {};
}

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{
      .name = "noalert",
      .help = "a match is not told; what it does to flowbits and packets holds",
      .compile = compile};
  return keyword;
}

}  // namespace bansoko::keyword::noalert
