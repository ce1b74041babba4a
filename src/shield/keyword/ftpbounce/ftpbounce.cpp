// SPDX-License-Identifier: Apache-2.0
#include "shield/detect/keyword.h"
#include "shield/detect/rule_builder.h"

namespace bansoko::keyword::ftpbounce {
namespace {

Result<> compile(const rule::Option&, detect::RuleBuilder& rule) {
  return rule.add_field("ftp.bounce", {.low = 1, .high = 1});
}

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{
      .name = "ftpbounce", .help = "PORT or EPRT names a host that is not the client", .compile = compile};
  return keyword;
}

}  // namespace bansoko::keyword::ftpbounce
