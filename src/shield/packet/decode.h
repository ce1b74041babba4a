// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "shield/packet/frame.h"
#include "shield/packet/packet.h"

namespace bansoko::packet {

struct DecodeSettings {
  bool verify_checksums = true;
};

/// Reads a frame's headers down to the transport payload (the link's, 802.1Q/802.1ad, PPPoE, MPLS, IPv4,
/// IPv6 with extension headers, TCP, UDP, ICMP, ICMPv6, SCTP). What the payload carries in its turn is for
/// carried_by() to say. Never fails: what is wrong is in `anomalies`, and the
/// layers below it stay readable. The result points into `frame.bytes`.
Packet decode(const Frame& frame, std::uint64_t number, const DecodeSettings& settings) noexcept;

/// Reads the transport header of a whole datagram again, after `packet.ip` and `packet.payload`
/// (the upper-layer bytes) were replaced by the defragmenter's.
void decode_transport(Packet& packet, Bytes upper_layer, const DecodeSettings& settings) noexcept;

}  // namespace bansoko::packet
