// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <chrono>
#include <cstdint>

#include "base/bytes.h"
#include "shield/packet/address.h"
#include "shield/packet/anomaly.h"

namespace bansoko::packet {

/// Upper-layer protocol numbers we treat by name (IANA protocol-numbers).
enum Protocol : std::uint8_t {
  icmp = 1,
  ipv4 = 4,
  tcp = 6,
  udp = 17,
  ipv6 = 41,
  gre = 47,
  icmpv6 = 58,
  sctp = 132,
  mpls = 137,
};

/// TCP header flags (RFC 9293 section 3.1).
enum TcpFlag : std::uint8_t {
  fin = 0x01,
  syn = 0x02,
  rst = 0x04,
  psh = 0x08,
  ack = 0x10,
  urg = 0x20,
  ece = 0x40,
  cwr = 0x80,
};

/// The parts of a TCP header that matter to us. Options are absent when their `has_` says so.
struct TcpHeader {
  std::uint32_t sequence = 0;
  std::uint32_t acknowledgement = 0;
  std::uint16_t window = 0;  // as sent, unscaled
  std::uint16_t urgent = 0;
  std::uint8_t flags = 0;
  bool has_window_scale = false;
  bool has_timestamp = false;
  bool has_mss = false;
  bool is_signed = false;         // RFC 2385, RFC 5925
  std::uint8_t window_scale = 0;  // shift count, RFC 7323 section 2
  std::uint16_t mss = 0;
  std::uint32_t timestamp = 0;
  std::uint32_t timestamp_echo = 0;
};

/// A decoded view of one frame. Every span points into the frame's own bytes
/// (or, for a datagram put together from fragments, into the defragmenter's).
struct Packet {
  std::uint64_t number = 0;            // 1 for the first packet of a capture
  std::chrono::nanoseconds arrived{};  // since 1970-01-01 UTC
  Bytes frame = {};                    // from the link layer on; of a packet in a tunnel the outermost frame
  Bytes ip = {};                       // from the IP header to the end the header states; empty: not IP
  Bytes outermost = {};                // of a packet in a tunnel: the IP packet around all, as `ip`
  Bytes transport = {};                // from the upper layer's header on; empty: of a fragment nobody knows
  Bytes payload = {};                  // what the transport protocol carries
  Address source = {};
  Address dest = {};
  std::uint16_t source_port = 0;
  std::uint16_t dest_port = 0;
  std::array<std::uint16_t, 2> vlan{};  // tag control information, outermost first
  std::uint8_t vlan_count = 0;
  std::uint8_t depth = 0;       // how many tunnels this packet came out of
  bool trusted = false;         // Frame::checksums_trusted
  std::uint32_t cut = 0;        // bytes at the frame's end that the driver did not hand over
  std::uint64_t network = 0;    // which network the addresses belong to, as far as tunnels tell; 0: no tunnel
  std::uint8_t ip_version = 0;  // 4, 6, or 0: not IP
  std::uint8_t protocol = 0;    // of the upper layer, after any IPv6 extension headers
  std::uint8_t ttl = 0;         // or hop limit
  std::uint8_t icmp_type = 0;
  std::uint8_t icmp_code = 0;
  bool has_transport = false;  // the transport header was read: ports, tcp or icmp fields hold
  bool is_fragment = false;    // of a datagram that is not whole yet
  bool more_fragments = false;
  bool rebuilt = false;       // put together from fragments
  bool checksum_bad = false;  // its receiver will throw it away
  std::uint32_t fragment_id = 0;
  std::uint32_t fragment_offset = 0;  // bytes
  TcpHeader tcp = {};
  AnomalySet anomalies = {};
  AnomalySet inherited = {};  // those of them that earlier fragments of its datagram have, and it has not

  bool is_ip() const noexcept { return ip_version != 0; }
  bool is_tcp() const noexcept { return protocol == Protocol::tcp && has_transport; }
  bool is_udp() const noexcept { return protocol == Protocol::udp && has_transport; }
  bool has(TcpFlag flag) const noexcept { return (tcp.flags & flag) != 0; }
};

}  // namespace bansoko::packet
