// SPDX-License-Identifier: Apache-2.0
#include "shield/detect/keyword.h"
#include "shield/detect/rule_builder.h"
#include "shield/keyword/threshold_argument.h"

namespace bansoko::keyword::threshold {
namespace {

Result<> compile(const rule::Option& option, detect::RuleBuilder& rule) {
  BANSOKO_TRY(rule.rule().threshold, parse_threshold(option.value, true));
  return {};
}

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{
      .name = "threshold",
      .help = "how often a match is told",
      .valid =
          "type limit|threshold|both, track by_src|by_dst|by_both|by_rule|by_flow, count N, seconds N; or "
          "type backoff, track by_flow, count N, multiplier N",
      .compile = compile};
  return keyword;
}

}  // namespace bansoko::keyword::threshold
