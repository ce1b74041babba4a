// SPDX-License-Identifier: Apache-2.0
#include "shield/detect/keyword.h"
#include "shield/keyword/flow_traffic.h"

namespace bansoko::keyword::flow_pkts_toserver {
namespace {

Result<> compile(const rule::Option& option, detect::RuleBuilder& rule) {
  return compile_traffic(Traffic::packets, flow::Side::client, option.value, rule);
}

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{.name = "flow.pkts_toserver",
                                           .help = "how many packets the flow has had, to the server",
                                           .valid = "10, <10, >10, 10<>20 or !10",
                                           .compile = compile};
  return keyword;
}

}  // namespace bansoko::keyword::flow_pkts_toserver
