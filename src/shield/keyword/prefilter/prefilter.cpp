// SPDX-License-Identifier: Apache-2.0
#include "shield/detect/keyword.h"
#include "shield/detect/rule_builder.h"

namespace bansoko::keyword::prefilter {
namespace {

// Which option a rule is found by changes nothing about what it matches, and here literals alone are.
Result<> compile(const rule::Option&, detect::RuleBuilder&) { return {}; }

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{
      .name = "prefilter",
      .help = "accepted: which rules are looked at is decided by their literals alone",
      .compile = compile};
  return keyword;
}

}  // namespace bansoko::keyword::prefilter
