// SPDX-License-Identifier: Apache-2.0
#include "shield/detect/keyword.h"
#include "shield/detect/rule_builder.h"

namespace bansoko::keyword::ip_src {
namespace {

Bytes bytes_of(const packet::Packet& packet, bool answers) noexcept {
  const packet::Address& address = answers ? packet.dest : packet.source;
  const Bytes all(address.bytes);
  return address.is_v4() ? all.last(4) : all;
}

Result<> compile(const rule::Option&, detect::RuleBuilder& rule) {
  rule.look_into_packet("ip.src", bytes_of);
  return {};
}

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{
      .name = "ip.src", .help = "the packet's source address: 4 bytes or 16", .compile = compile};
  return keyword;
}

}  // namespace bansoko::keyword::ip_src
