// SPDX-License-Identifier: Apache-2.0
#include "shield/detect/keyword.h"
#include "shield/detect/rule_builder.h"

namespace bansoko::keyword::target {
namespace {

Result<> compile(const rule::Option& option, detect::RuleBuilder&) {
  if (option.value != "src_ip" && option.value != "dest_ip")
    return fail(Errc::invalid, "'{}' is not an end of a packet", option.value);
  return {};
}

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{.name = "target",
                                           .help = "which end is the one under attack",
                                           .valid = "src_ip or dest_ip",
                                           .compile = compile};
  return keyword;
}

}  // namespace bansoko::keyword::target
