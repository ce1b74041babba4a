// SPDX-License-Identifier: Apache-2.0
#include "shield/packet/decode.h"

#include "shield/packet/layers.h"

namespace bansoko::packet {
namespace {

constexpr std::size_t kMacAddresses = 12;
constexpr std::uint16_t kTypeIpv4 = 0x0800;
constexpr std::uint16_t kTypeIpv6 = 0x86dd;
constexpr int kMaxTags = 8;  // a frame may not keep us reading tags for ever

constexpr bool is_vlan(std::uint16_t type) noexcept {
  return type == 0x8100 || type == 0x88a8 || type == 0x9100;  // 802.1Q, 802.1ad, and QinQ before 802.1ad
}

/// Reads tags until a type that is none; returns that type.
std::uint16_t read_tags(ByteReader& reader, Packet& packet) noexcept {
  std::uint16_t type = reader.u16();
  for (int i = 0; i < kMaxTags && is_vlan(type); ++i) {
    const std::uint16_t tag = reader.u16();
    type = reader.u16();
    if (!reader.ok()) break;
    if (packet.vlan_count < packet.vlan.size())
      packet.vlan[packet.vlan_count++] = tag;
    else
      packet.anomalies.add(Anomaly::vlan_too_deep);
  }
  return type;
}

void decode_ethernet(Packet& packet, NetworkBytes network) noexcept {
  ByteReader reader(network.bytes);
  reader.skip(kMacAddresses);
  const std::uint16_t type = read_tags(reader, packet);
  if (!reader.ok()) {
    packet.anomalies.add(Anomaly::link_truncated);
    return;
  }
  network.bytes = reader.rest();
  if (type != kTypeIpv4 && type != kTypeIpv6) return;
  const int version = type == kTypeIpv4 ? 4 : 6;
  if (!network.bytes.empty() && network.bytes[0] >> 4 != version)
    packet.anomalies.add(Anomaly::ip_version_unknown);
  else if (version == 4)
    decode_ipv4(packet, network);
  else
    decode_ipv6(packet, network);
}

}  // namespace

Packet decode(const Frame& frame, std::uint64_t number, const DecodeSettings& settings) noexcept {
  Packet packet;
  packet.number = number;
  packet.arrived = frame.arrived;
  packet.frame = frame.bytes;
  NetworkBytes network{.bytes = frame.bytes,
                       .trusted = frame.checksums_trusted,
                       .verify = settings.verify_checksums && !frame.checksums_trusted};
  if (frame.wire_size > frame.bytes.size()) {
    network.cut = frame.wire_size - frame.bytes.size();
    packet.anomalies.add(Anomaly::frame_truncated);
  }
  if (frame.link == Link::ethernet)
    decode_ethernet(packet, network);
  else
    decode_network(packet, network);
  return packet;
}

void decode_network(Packet& packet, const NetworkBytes& network) noexcept {
  switch (network.bytes.empty() ? 0 : network.bytes[0] >> 4) {
    case 4:
      decode_ipv4(packet, network);
      break;
    case 6:
      decode_ipv6(packet, network);
      break;
    default:
      packet.anomalies.add(Anomaly::ip_version_unknown);
  }
}

}  // namespace bansoko::packet
