// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include "shield/packet/frame.h"
#include "shield/packet/packet.h"

namespace bansoko::packet {

/// What the link layer carried: an IP packet, and perhaps padding behind it.
struct NetworkBytes {
  Bytes bytes = {};
  std::size_t cut = 0;              // how many more the wire carried that the driver did not hand over
  bool trusted = false;             // came from the kernel, which checked it or has yet to fill it in
  bool verify = true;               // the checksums
  bool may_be_unsegmented = false;  // Frame::may_be_unsegmented
};

/// Reads the headers from the frame's first byte down to IP, and that.
void decode_link(Packet& packet, const NetworkBytes& network, Link link) noexcept;

/// Reads an IP packet of either version and what it carries.
void decode_network(Packet& packet, const NetworkBytes& network) noexcept;

void decode_ipv4(Packet& packet, const NetworkBytes& network) noexcept;
void decode_ipv6(Packet& packet, const NetworkBytes& network) noexcept;

/// Whether the first fragment of an IPv6 datagram, whose data this is, holds every extension header and the
/// upper layer's (RFC 7112).
bool holds_whole_chain(std::uint8_t next, Bytes data) noexcept;

/// Where in an IPv6 header and the whole extension headers after it the number of the next one stands.
std::size_t last_next_header(Bytes headers) noexcept;

}  // namespace bansoko::packet
