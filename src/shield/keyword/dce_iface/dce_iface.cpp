// SPDX-License-Identifier: Apache-2.0
#include "shield/detect/keyword.h"
#include "shield/keyword/dce_iface/interface.h"

namespace bansoko::keyword::dce_iface {
namespace {

Result<> compile(const rule::Option& option, detect::RuleBuilder& rule) {
  return ask_for_interface(option.value, rule);
}

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{
      .name = "dce_iface", .help = kInterfaceHelp, .valid = kInterfaceForm, .compile = compile};
  return keyword;
}

}  // namespace bansoko::keyword::dce_iface
