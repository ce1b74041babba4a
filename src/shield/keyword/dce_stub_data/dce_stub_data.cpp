// SPDX-License-Identifier: Apache-2.0
#include "shield/detect/keyword.h"
#include "shield/detect/rule_builder.h"

namespace bansoko::keyword::dce_stub_data {
namespace {

Result<> compile(const rule::Option&, detect::RuleBuilder& rule) {
  return rule.look_into("dcerpc.stub_data");
}

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{
      .name = "dce_stub_data", .help = "the old name of dcerpc.stub_data", .compile = compile};
  return keyword;
}

}  // namespace bansoko::keyword::dce_stub_data
