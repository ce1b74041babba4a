// SPDX-License-Identifier: Apache-2.0
#include "shield/detect/keyword.h"
#include "shield/detect/rule_builder.h"
#include "shield/keyword/ip_header.h"

namespace bansoko::keyword::ipv6_hdr {
namespace {

Bytes bytes_of(const packet::Packet& packet, bool /*answers*/) noexcept {
  return packet.ip_version == 6 ? ip_header(packet) : Bytes();
}

Result<> compile(const rule::Option&, detect::RuleBuilder& rule) {
  rule.look_into_packet("ipv6.hdr", bytes_of);
  return {};
}

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{
      .name = "ipv6.hdr", .help = "the IPv6 header, with its extension headers", .compile = compile};
  return keyword;
}

}  // namespace bansoko::keyword::ipv6_hdr
