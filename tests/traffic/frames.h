// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "shield/packet/address.h"
#include "shield/packet/packet.h"

/// Real packets, built layer by layer: `ethernet(tcp_packet(ip, tcp, "GET /"))`. Lengths and checksums are
/// right unless a field asks for a lie.
namespace bansoko::traffic {

using Octets = std::vector<std::uint8_t>;

inline constexpr packet::Address kClient = packet::Address::v4(10, 0, 0, 1);
inline constexpr packet::Address kServer = packet::Address::v4(10, 0, 0, 2);

/// 2001:db8::`host`
constexpr packet::Address v6(std::uint16_t host) noexcept {
  return {{0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, static_cast<std::uint8_t>(host >> 8),
           static_cast<std::uint8_t>(host)}};
}

/// An IPv6 extension header. `body` is all after the next-header byte, its length byte included.
struct Extension {
  std::uint8_t type = 0;
  Octets body = {};
};

/// An extension header of `type` whose content is padded to whole units of 8 bytes (RFC 8200 section 4.2).
Extension extension(std::uint8_t type, Octets content = {});

/// IPv4 or IPv6, as the addresses say.
struct IpFields {
  packet::Address source = kClient;
  packet::Address dest = kServer;
  std::uint8_t ttl = 64;
  std::uint32_t id = 1;        // IPv6: only in a fragment
  bool dont_fragment = false;  // IPv4
  bool more_fragments = false;
  std::uint32_t fragment_offset = 0;                          // bytes
  bool fragment_header = false;                               // IPv6: have one even if this is no fragment
  Octets options = {};                                        // IPv4, padded to a multiple of 4
  std::vector<Extension> extensions = {};                     // IPv6, before any fragment header
  std::optional<std::uint16_t> stated_length = std::nullopt;  // instead of the true total or payload length
  std::optional<std::uint8_t> stated_header_words = std::nullopt;  // IPv4, instead of the true one
  bool bad_checksum = false;                                       // IPv4
};

struct TcpFields {
  std::uint16_t source_port = 40000;
  std::uint16_t dest_port = 80;
  std::uint32_t sequence = 1000;
  std::uint32_t acknowledgement = 0;
  std::uint8_t flags = packet::TcpFlag::ack;
  std::uint16_t window = 65535;
  std::uint16_t urgent = 0;
  Octets options = {};  // padded to a multiple of 4
  std::optional<std::uint8_t> stated_header_words = std::nullopt;
  bool bad_checksum = false;
};

struct UdpFields {
  std::uint16_t source_port = 40000;
  std::uint16_t dest_port = 53;
  std::optional<std::uint16_t> stated_length = std::nullopt;
  bool bad_checksum = false;
  bool no_checksum = false;  // send zero
};

/// ICMP or ICMPv6, as the addresses say.
struct IcmpFields {
  std::uint8_t type = 8;
  std::uint8_t code = 0;
  std::uint32_t rest_of_header = 0;
  bool bad_checksum = false;
};

struct EthernetFields {
  std::vector<std::uint16_t> vlans = {};             // tag control information, outermost first
  std::uint16_t vlan_type = 0x8100;                  // of every tag
  std::optional<std::uint16_t> type = std::nullopt;  // instead of what the IP version says
  std::size_t padded_to = 0;                         // bytes, with a padding that is not zero
};

/// Of the options that tests want. An empty one is none.
struct TcpOptions {
  std::optional<std::uint16_t> mss = std::nullopt;
  std::optional<std::uint8_t> window_scale = std::nullopt;
  bool sack_permitted = false;
  std::optional<std::uint32_t> timestamp = std::nullopt;
  std::uint32_t timestamp_echo = 0;
};
Octets to_bytes(const TcpOptions& options);

Octets to_octets(std::string_view text);

/// An IP packet around the bytes of any upper-layer protocol.
Octets ip_packet(const IpFields& ip, std::uint8_t protocol, Bytes upper_layer);

Octets tcp_packet(const IpFields& ip, const TcpFields& tcp, std::string_view payload = {});
Octets udp_packet(const IpFields& ip, const UdpFields& udp, std::string_view payload = {});
Octets icmp_packet(const IpFields& ip, const IcmpFields& icmp, std::string_view payload = {});

/// The upper layer alone, for those who cut it into fragments: its checksum covers the whole.
Octets tcp_segment(const IpFields& ip, const TcpFields& tcp, std::string_view payload = {});
Octets udp_datagram(const IpFields& ip, const UdpFields& udp, std::string_view payload = {});
Octets icmp_message(const IpFields& ip, const IcmpFields& icmp, std::string_view payload = {});

/// One fragment of a datagram: bytes [offset, offset + size) of `upper_layer`, or to its end.
Octets fragment(const IpFields& ip, std::uint8_t protocol, Bytes upper_layer, std::size_t offset,
                std::size_t size);

/// A datagram cut into fragments that carry `size` bytes each (a multiple of 8), in order.
std::vector<Octets> fragments(const IpFields& ip, std::uint8_t protocol, Bytes upper_layer, std::size_t size);

/// An Ethernet frame around an IP packet, or around anything if `type` is given.
Octets ethernet(Bytes packet, const EthernetFields& fields = {});

}  // namespace bansoko::traffic
