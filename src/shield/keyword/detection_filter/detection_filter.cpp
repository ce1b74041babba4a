// SPDX-License-Identifier: Apache-2.0
#include "shield/detect/keyword.h"
#include "shield/detect/rule_builder.h"
#include "shield/keyword/threshold_argument.h"

namespace bansoko::keyword::detection_filter {
namespace {

Result<> compile(const rule::Option& option, detect::RuleBuilder& rule) {
  BANSOKO_TRY(rule.rule().filter, parse_threshold(option.value, false));
  rule.rule().filter.kind = detect::Threshold::Kind::filter;
  return {};
}

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{
      .name = "detection_filter",
      .help = "the rule matches only beyond this rate",
      .valid = "track by_src|by_dst|by_both|by_rule|by_flow, count N, seconds N",
      .compile = compile};
  return keyword;
}

}  // namespace bansoko::keyword::detection_filter
