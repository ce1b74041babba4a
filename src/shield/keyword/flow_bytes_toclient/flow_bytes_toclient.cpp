// SPDX-License-Identifier: Apache-2.0
#include "shield/detect/keyword.h"
#include "shield/keyword/flow_traffic.h"

namespace bansoko::keyword::flow_bytes_toclient {
namespace {

Result<> compile(const rule::Option& option, detect::RuleBuilder& rule) {
  return compile_traffic(Traffic::bytes, flow::Side::server, option.value, rule);
}

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{.name = "flow.bytes_toclient",
                                           .help = "how many bytes of IP the flow has had, to the client",
                                           .valid = "10, <10, >10, 10<>20 or !10",
                                           .compile = compile};
  return keyword;
}

}  // namespace bansoko::keyword::flow_bytes_toclient
