// SPDX-License-Identifier: Apache-2.0
#include "shield/detect/keyword.h"
#include "shield/detect/rule_builder.h"

namespace bansoko::keyword::sameip {
namespace {

bool holds(const detect::EvalContext& at, const detect::CheckNumbers&) noexcept {
  return at.packet.source == at.packet.dest;
}

Result<> compile(const rule::Option&, detect::RuleBuilder& rule) {
  rule.add_check({.holds = holds});
  rule.need_packet();
  return {};
}

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{
      .name = "sameip", .help = "the packet comes from the address that it goes to", .compile = compile};
  return keyword;
}

}  // namespace bansoko::keyword::sameip
