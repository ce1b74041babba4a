// SPDX-License-Identifier: Apache-2.0
#include "shield/detect/keyword.h"
#include "shield/keyword/dcerpc_opnum/operation.h"

namespace bansoko::keyword::dcerpc_opnum {
namespace {

Result<> compile(const rule::Option& option, detect::RuleBuilder& rule) {
  return ask_for_operation(option.value, rule);
}

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{
      .name = "dcerpc.opnum", .help = kOperationHelp, .valid = kOperationForm, .compile = compile};
  return keyword;
}

}  // namespace bansoko::keyword::dcerpc_opnum
