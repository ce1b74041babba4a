// SPDX-License-Identifier: Apache-2.0
#include "shield/packet/decode.h"

#include "shield/packet/layers.h"

namespace bansoko::packet {

Packet decode(const Frame& frame, std::uint64_t number, const DecodeSettings& settings) noexcept {
  Packet packet;
  packet.number = number;
  packet.arrived = frame.arrived;
  packet.frame = frame.bytes;
  packet.trusted = frame.checksums_trusted;
  NetworkBytes network{.bytes = frame.bytes,
                       .trusted = frame.checksums_trusted,
                       .verify = settings.verify_checksums && !frame.checksums_trusted,
                       .may_be_unsegmented = frame.may_be_unsegmented};
  if (frame.wire_size > frame.bytes.size()) {
    packet.cut = frame.wire_size - static_cast<std::uint32_t>(frame.bytes.size());
    network.cut = packet.cut;
    packet.anomalies.add(Anomaly::frame_truncated);
  }
  if (frame.link == Link::ip)
    decode_network(packet, network);
  else
    decode_link(packet, network, frame.link);
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
