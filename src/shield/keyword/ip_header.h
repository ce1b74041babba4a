// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "shield/packet/packet.h"

namespace bansoko::keyword {

/// The IP header with all that belongs to it; nothing of a fragment.
inline Bytes ip_header(const packet::Packet& packet) noexcept {
  if (packet.is_fragment || packet.ip.size() < packet.transport.size()) return {};
  return packet.ip.first(packet.ip.size() - packet.transport.size());
}

}  // namespace bansoko::keyword
