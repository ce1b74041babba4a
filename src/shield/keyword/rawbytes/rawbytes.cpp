// SPDX-License-Identifier: Apache-2.0
#include "shield/detect/keyword.h"
#include "shield/detect/rule_builder.h"

namespace bansoko::keyword::rawbytes {
namespace {

// Nothing is decoded in a payload before it is looked at, so the bytes are raw as they are.
Result<> compile(const rule::Option&, detect::RuleBuilder& rule) {
  BANSOKO_CHECK(rule.last_content());
  return {};
}

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{
      .name = "rawbytes", .help = "accepted for older rules: the payload is always raw", .compile = compile};
  return keyword;
}

}  // namespace bansoko::keyword::rawbytes
