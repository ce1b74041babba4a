// SPDX-License-Identifier: Apache-2.0
#include "shield/detect/keyword.h"
#include "shield/detect/rule_builder.h"

namespace bansoko::keyword::l3_proto {
namespace {

Result<> compile(const rule::Option& option, detect::RuleBuilder& rule) {
  std::uint8_t version = 0;
  if (option.value == "ipv4" || option.value == "ip4") version = 4;
  if (option.value == "ipv6" || option.value == "ip6") version = 6;
  if (version == 0) return fail(Errc::invalid, "'{}' is not a version of IP", option.value);
  std::uint8_t& stated = rule.rule().ip_version;
  if (stated != 0 && stated != version)
    return fail(Errc::invalid, "the rule is about the other version of IP already");
  stated = version;
  return {};
}

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{
      .name = "l3_proto", .help = "the version of IP", .valid = "ipv4 or ipv6", .compile = compile};
  return keyword;
}

}  // namespace bansoko::keyword::l3_proto
