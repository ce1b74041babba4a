// SPDX-License-Identifier: Apache-2.0
#include "shield/detect/keyword.h"
#include "shield/keyword/flow_traffic.h"

namespace bansoko::keyword::flow_bytes {
namespace {

Result<> compile(const rule::Option& option, detect::RuleBuilder& rule) {
  return compile_traffic(Traffic::bytes, option.value, rule);
}

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{
      .name = "flow.bytes",
      .help = "how many bytes of IP the flow has had",
      .valid = "toserver|toclient|both|either, then 10, <10, >10, 10<>20 or !10",
      .compile = compile};
  return keyword;
}

}  // namespace bansoko::keyword::flow_bytes
