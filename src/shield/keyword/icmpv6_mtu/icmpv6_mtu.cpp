// SPDX-License-Identifier: Apache-2.0
#include "shield/detect/keyword.h"
#include "shield/keyword/packet_number.h"

namespace bansoko::keyword::icmpv6_mtu {
namespace {

std::optional<std::uint64_t> number_of(const detect::EvalContext& at) noexcept {
  constexpr std::uint8_t kPacketTooBig = 2;
  if (at.packet.protocol != packet::Protocol::icmpv6 || !at.packet.has_transport ||
      at.packet.icmp_type != kPacketTooBig)
    return std::nullopt;
  ByteReader message(at.packet.transport);
  message.skip(4);
  return message.u32();
}

constexpr std::uint64_t kMost = 0xffffffff;

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{.name = "icmpv6.mtu",
                                           .help = "the MTU in an ICMPv6 message that a packet was too big",
                                           .valid = "10, <10, >10, 10<>20 or !10",
                                           .compile = compare_packet<number_of, kMost>};
  return keyword;
}

}  // namespace bansoko::keyword::icmpv6_mtu
