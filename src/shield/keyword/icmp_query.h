// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "shield/packet/packet.h"

namespace bansoko::keyword {

/// What questions and answers of ICMP have behind their checksum (RFC 792, RFC 4443 section 4).
struct IcmpQuery {
  std::uint16_t id = 0;
  std::uint16_t sequence = 0;
};

/// Nothing: the packet is none.
inline std::optional<IcmpQuery> icmp_query(const packet::Packet& packet) noexcept {
  constexpr std::array<std::uint8_t, 8> kTypes{0, 8, 13, 14, 15, 16, 17, 18};
  constexpr std::array<std::uint8_t, 2> kTypes6{128, 129};
  if (!packet.has_transport) return std::nullopt;
  bool is_query = false;
  if (packet.protocol == packet::Protocol::icmp)
    for (const std::uint8_t type : kTypes) is_query |= packet.icmp_type == type;
  if (packet.protocol == packet::Protocol::icmpv6)
    for (const std::uint8_t type : kTypes6) is_query |= packet.icmp_type == type;
  if (!is_query) return std::nullopt;
  ByteReader message(packet.transport);
  message.skip(4);
  IcmpQuery query;
  query.id = message.u16();
  query.sequence = message.u16();
  return query;
}

}  // namespace bansoko::keyword
