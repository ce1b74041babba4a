// SPDX-License-Identifier: Apache-2.0
#include "shield/detect/keyword.h"
#include "shield/detect/rule_builder.h"

namespace bansoko::keyword::ip_dst {
namespace {

Bytes bytes_of(const packet::Packet& packet, bool answers) noexcept {
  const packet::Address& address = answers ? packet.source : packet.dest;
  const Bytes all(address.bytes);
  return address.is_v4() ? all.last(4) : all;
}

Result<> compile(const rule::Option&, detect::RuleBuilder& rule) {
  rule.look_into_packet("ip.dst", bytes_of);
  return {};
}

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{
      .name = "ip.dst", .help = "the packet's destination address: 4 bytes or 16", .compile = compile};
  return keyword;
}

}  // namespace bansoko::keyword::ip_dst
