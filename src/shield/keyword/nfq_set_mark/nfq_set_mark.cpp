// SPDX-License-Identifier: Apache-2.0
#include "shield/detect/keyword.h"
#include "shield/detect/rule_builder.h"

namespace bansoko::keyword::nfq_set_mark {
namespace {

Result<> compile(const rule::Option&, detect::RuleBuilder& rule) {
  rule.warn("it changes nothing: the marks of packets are used already");
  return {};
}

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{.name = "nfq_set_mark",
                                           .help = "accepted, and changes nothing",
                                           .valid = "what Suricata takes",
                                           .compile = compile};
  return keyword;
}

}  // namespace bansoko::keyword::nfq_set_mark
