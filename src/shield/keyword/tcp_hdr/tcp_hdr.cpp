// SPDX-License-Identifier: Apache-2.0
#include "shield/detect/keyword.h"
#include "shield/detect/rule_builder.h"

namespace bansoko::keyword::tcp_hdr {
namespace {

Bytes bytes_of(const packet::Packet& packet, bool /*answers*/) noexcept {
  if (!packet.is_tcp() || packet.transport.size() < packet.payload.size()) return {};
  return packet.transport.first(packet.transport.size() - packet.payload.size());
}

Result<> compile(const rule::Option&, detect::RuleBuilder& rule) {
  rule.look_into_packet("tcp.hdr", bytes_of);
  return {};
}

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{
      .name = "tcp.hdr", .help = "the TCP header, with its options", .compile = compile};
  return keyword;
}

}  // namespace bansoko::keyword::tcp_hdr
