// SPDX-License-Identifier: Apache-2.0
#include "shield/detect/keyword.h"
#include "shield/detect/rule_builder.h"
#include "shield/keyword/ip_header.h"

namespace bansoko::keyword::ipv4_hdr {
namespace {

Bytes bytes_of(const packet::Packet& packet, bool /*answers*/) noexcept {
  return packet.ip_version == 4 ? ip_header(packet) : Bytes();
}

Result<> compile(const rule::Option&, detect::RuleBuilder& rule) {
  rule.look_into_packet("ipv4.hdr", bytes_of);
  return {};
}

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{
      .name = "ipv4.hdr", .help = "the IPv4 header, with its options", .compile = compile};
  return keyword;
}

}  // namespace bansoko::keyword::ipv4_hdr
