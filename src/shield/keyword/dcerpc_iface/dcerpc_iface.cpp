// SPDX-License-Identifier: Apache-2.0
#include "shield/detect/keyword.h"
#include "shield/keyword/dcerpc_iface/interface.h"

namespace bansoko::keyword::dcerpc_iface {
namespace {

Result<> compile(const rule::Option& option, detect::RuleBuilder& rule) {
  return ask_for_interface(option.value, rule);
}

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{
      .name = "dcerpc.iface", .help = kInterfaceHelp, .valid = kInterfaceForm, .compile = compile};
  return keyword;
}

}  // namespace bansoko::keyword::dcerpc_iface
