// SPDX-License-Identifier: Apache-2.0
#include "shield/detect/keyword.h"
#include "shield/detect/rule_builder.h"

namespace bansoko::keyword::icmpv4_hdr {
namespace {

Bytes bytes_of(const packet::Packet& packet, bool /*answers*/) noexcept {
  constexpr std::size_t kHeader = 8;
  const bool is_one = packet.protocol == packet::Protocol::icmp && packet.has_transport;
  return is_one ? ByteReader(packet.transport).take(kHeader) : Bytes();
}

Result<> compile(const rule::Option&, detect::RuleBuilder& rule) {
  rule.look_into_packet("icmpv4.hdr", bytes_of);
  return {};
}

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{
      .name = "icmpv4.hdr", .help = "the first eight bytes of an ICMP message", .compile = compile};
  return keyword;
}

}  // namespace bansoko::keyword::icmpv4_hdr
