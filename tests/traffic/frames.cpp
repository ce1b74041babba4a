// SPDX-License-Identifier: Apache-2.0
#include "tests/traffic/frames.h"

#include <algorithm>

namespace bansoko::traffic {
namespace {

using packet::Address;
using packet::Protocol;

void put8(Octets& out, std::uint32_t value) { out.push_back(static_cast<std::uint8_t>(value)); }
void put16(Octets& out, std::uint32_t value) {
  put8(out, value >> 8);
  put8(out, value);
}
void put32(Octets& out, std::uint32_t value) {
  put16(out, value >> 16);
  put16(out, value);
}
void put(Octets& out, Bytes bytes) { out.insert(out.end(), bytes.begin(), bytes.end()); }
void set16(Octets& out, std::size_t at, std::uint32_t value) {
  out[at] = static_cast<std::uint8_t>(value >> 8);
  out[at + 1] = static_cast<std::uint8_t>(value);
}
void pad(Octets& out, std::size_t unit) {
  while (out.size() % unit != 0) out.push_back(0);
}

// Address::is_v4() is in the module under test; traffic must not depend on what it tests.
bool is_v4(const Address& address) {
  const Address mapped = Address::v4(0, 0, 0, 0);
  return std::equal(mapped.bytes.begin(), mapped.bytes.begin() + 12, address.bytes.begin());
}
Bytes address_bytes(const Address& address) {
  const Bytes all(address.bytes);
  return is_v4(address) ? all.subspan(12) : all;
}

/// RFC 1071, the slow and plain way.
std::uint16_t internet_checksum(Bytes bytes) {
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    sum += i % 2 == 0 ? std::uint32_t{bytes[i]} << 8 : bytes[i];
    sum = (sum & 0xffff) + (sum >> 16);
  }
  return static_cast<std::uint16_t>(~sum);
}

std::uint16_t transport_checksum(const IpFields& ip, std::uint8_t protocol, Bytes upper_layer) {
  Octets covered;
  put(covered, address_bytes(ip.source));
  put(covered, address_bytes(ip.dest));
  put32(covered, static_cast<std::uint32_t>(upper_layer.size()));
  put32(covered, protocol);
  put(covered, upper_layer);
  return internet_checksum(covered);
}

std::uint16_t spoilt(std::uint16_t checksum, bool bad) {
  return static_cast<std::uint16_t>(bad ? checksum ^ 0x5555 : checksum);
}

Octets ipv4(const IpFields& ip, std::uint8_t protocol, Bytes upper_layer) {
  Octets options = ip.options;
  pad(options, 4);
  const std::size_t header = 20 + options.size();
  Octets out;
  put8(out, 0x40U | ip.stated_header_words.value_or(static_cast<std::uint8_t>(header / 4)));
  put8(out, 0);
  put16(out, ip.stated_length.value_or(static_cast<std::uint16_t>(header + upper_layer.size())));
  put16(out, ip.id);
  put16(out, (ip.dont_fragment ? 0x4000U : 0U) | (ip.more_fragments ? 0x2000U : 0U) | ip.fragment_offset / 8);
  put8(out, ip.ttl);
  put8(out, protocol);
  put16(out, 0);
  put(out, address_bytes(ip.source));
  put(out, address_bytes(ip.dest));
  put(out, options);
  set16(out, 10, spoilt(internet_checksum(out), ip.bad_checksum));
  put(out, upper_layer);
  return out;
}

Octets ipv6(const IpFields& ip, std::uint8_t protocol, Bytes upper_layer) {
  constexpr std::uint8_t kFragmentHeader = 44;
  std::vector<Extension> chain = ip.extensions;
  if (ip.fragment_header || ip.more_fragments || ip.fragment_offset != 0) {
    Octets body{0};
    put16(body, ip.fragment_offset | (ip.more_fragments ? 1U : 0U));
    put32(body, ip.id);
    chain.push_back({kFragmentHeader, body});
  }
  Octets rest;
  for (std::size_t i = 0; i < chain.size(); ++i) {
    put8(rest, i + 1 < chain.size() ? chain[i + 1].type : protocol);
    put(rest, chain[i].body);
  }
  put(rest, upper_layer);
  Octets out;
  put32(out, 0x60000000);
  put16(out, ip.stated_length.value_or(static_cast<std::uint16_t>(rest.size())));
  put8(out, chain.empty() ? protocol : chain.front().type);
  put8(out, ip.ttl);
  put(out, address_bytes(ip.source));
  put(out, address_bytes(ip.dest));
  put(out, rest);
  return out;
}

}  // namespace

Extension extension(std::uint8_t type, Octets content) {
  Octets body{0};
  put(body, content);
  while ((body.size() + 1) % 8 != 0) body.push_back(0);
  body[0] = static_cast<std::uint8_t>((body.size() + 1) / 8 - 1);
  return {type, body};
}

Octets to_octets(std::string_view text) { return {text.begin(), text.end()}; }

Octets to_bytes(const TcpOptions& options) {
  Octets out;
  if (options.mss) {
    put16(out, 0x0204);
    put16(out, *options.mss);
  }
  if (options.sack_permitted) put16(out, 0x0402);
  if (options.timestamp) {
    put16(out, 0x080a);
    put32(out, *options.timestamp);
    put32(out, options.timestamp_echo);
  }
  if (options.window_scale) {
    put16(out, 0x0303);
    put8(out, *options.window_scale);
  }
  while (out.size() % 4 != 0) out.push_back(1);
  return out;
}

Octets ip_packet(const IpFields& ip, std::uint8_t protocol, Bytes upper_layer) {
  return is_v4(ip.source) ? ipv4(ip, protocol, upper_layer) : ipv6(ip, protocol, upper_layer);
}

Octets tcp_segment(const IpFields& ip, const TcpFields& tcp, std::string_view payload) {
  Octets options = tcp.options;
  pad(options, 4);
  const std::size_t words = 5 + options.size() / 4;
  Octets out;
  put16(out, tcp.source_port);
  put16(out, tcp.dest_port);
  put32(out, tcp.sequence);
  put32(out, tcp.acknowledgement);
  put8(out, std::uint32_t{tcp.stated_header_words.value_or(static_cast<std::uint8_t>(words))} << 4);
  put8(out, tcp.flags);
  put16(out, tcp.window);
  put16(out, 0);
  put16(out, tcp.urgent);
  put(out, options);
  put(out, as_bytes(payload));
  set16(out, 16, spoilt(transport_checksum(ip, Protocol::tcp, out), tcp.bad_checksum));
  return out;
}

Octets udp_datagram(const IpFields& ip, const UdpFields& udp, std::string_view payload) {
  Octets out;
  put16(out, udp.source_port);
  put16(out, udp.dest_port);
  put16(out, udp.stated_length.value_or(static_cast<std::uint16_t>(8 + payload.size())));
  put16(out, 0);
  put(out, as_bytes(payload));
  if (udp.no_checksum) return out;
  const std::uint16_t checksum = spoilt(transport_checksum(ip, Protocol::udp, out), udp.bad_checksum);
  set16(out, 6, checksum == 0 ? 0xffff : checksum);
  return out;
}

Octets icmp_message(const IpFields& ip, const IcmpFields& icmp, std::string_view payload) {
  Octets out;
  put8(out, icmp.type);
  put8(out, icmp.code);
  put16(out, 0);
  put32(out, icmp.rest_of_header);
  put(out, as_bytes(payload));
  const std::uint16_t checksum =
      is_v4(ip.source) ? internet_checksum(out) : transport_checksum(ip, Protocol::icmpv6, out);
  set16(out, 2, spoilt(checksum, icmp.bad_checksum));
  return out;
}

Octets tcp_packet(const IpFields& ip, const TcpFields& tcp, std::string_view payload) {
  return ip_packet(ip, Protocol::tcp, tcp_segment(ip, tcp, payload));
}

Octets udp_packet(const IpFields& ip, const UdpFields& udp, std::string_view payload) {
  return ip_packet(ip, Protocol::udp, udp_datagram(ip, udp, payload));
}

Octets icmp_packet(const IpFields& ip, const IcmpFields& icmp, std::string_view payload) {
  return ip_packet(ip, is_v4(ip.source) ? Protocol::icmp : Protocol::icmpv6, icmp_message(ip, icmp, payload));
}

Octets fragment(const IpFields& ip, std::uint8_t protocol, Bytes upper_layer, std::size_t offset,
                std::size_t size) {
  IpFields piece = ip;
  const std::size_t end = std::min(offset + size, upper_layer.size());
  piece.fragment_offset = static_cast<std::uint32_t>(offset);
  piece.more_fragments = end < upper_layer.size();
  return ip_packet(piece, protocol, upper_layer.subspan(offset, end - offset));
}

std::vector<Octets> fragments(const IpFields& ip, std::uint8_t protocol, Bytes upper_layer,
                              std::size_t size) {
  std::vector<Octets> out;
  for (std::size_t offset = 0; offset < upper_layer.size(); offset += size)
    out.push_back(fragment(ip, protocol, upper_layer, offset, size));
  return out;
}

Octets ethernet(Bytes packet, const EthernetFields& fields) {
  Octets out{0x02, 0, 0, 0, 0, 2, 0x02, 0, 0, 0, 0, 1};
  for (const std::uint16_t tag : fields.vlans) {
    put16(out, fields.vlan_type);
    put16(out, tag);
  }
  const bool is_v6 = !packet.empty() && packet.front() >> 4 == 6;
  put16(out, fields.type.value_or(is_v6 ? 0x86dd : 0x0800));
  put(out, packet);
  while (out.size() < fields.padded_to) out.push_back(0xee);
  return out;
}

}  // namespace bansoko::traffic
