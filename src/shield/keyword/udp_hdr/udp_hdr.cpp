// SPDX-License-Identifier: Apache-2.0
#include "shield/detect/keyword.h"
#include "shield/detect/rule_builder.h"

namespace bansoko::keyword::udp_hdr {
namespace {

Bytes bytes_of(const packet::Packet& packet, bool /*answers*/) noexcept {
  constexpr std::size_t kHeader = 8;
  return packet.is_udp() ? ByteReader(packet.transport).take(kHeader) : Bytes();
}

Result<> compile(const rule::Option&, detect::RuleBuilder& rule) {
  rule.look_into_packet("udp.hdr", bytes_of);
  return {};
}

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{.name = "udp.hdr", .help = "the UDP header", .compile = compile};
  return keyword;
}

}  // namespace bansoko::keyword::udp_hdr
