// SPDX-License-Identifier: Apache-2.0
#include "shield/detect/keyword.h"
#include "shield/detect/rule_builder.h"

namespace bansoko::keyword::geoip {
namespace {

Result<> compile(const rule::Option&, detect::RuleBuilder&) {
  return fail(
      Errc::unsupported,
      "no table of countries comes with this product: name networks, or use iprep or a dataset of addresses");
}

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{
      .name = "geoip", .help = "not provided for", .valid = "a rule with it is refused", .compile = compile};
  return keyword;
}

}  // namespace bansoko::keyword::geoip
