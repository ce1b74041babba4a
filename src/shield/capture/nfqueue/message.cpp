// SPDX-License-Identifier: Apache-2.0
#include "shield/capture/nfqueue/message.h"

#include <algorithm>

#include <netinet/in.h>

#include <linux/netfilter/nfnetlink_queue.h>

#include "shield/capture/netlink_reader.h"

namespace bansoko::capture::nfqueue {
namespace {

constexpr std::uint16_t kPacketMessage = NFNL_SUBSYS_QUEUE << 8U | NFQNL_MSG_PACKET;

/// A packet without the attribute has been verified. One whose checksum a card is still to fill in, and one
/// merged from several that were verified, carry a value that is wrong on purpose.
bool trusted(std::uint32_t skb_info) noexcept {
  return (skb_info & (NFQA_SKB_CSUMNOTREADY | NFQA_SKB_GSO)) != 0 ||
         (skb_info & NFQA_SKB_CSUM_NOTVERIFIED) == 0;
}

struct Attributes {
  QueuedPacket packet;
  std::uint32_t skb_info = 0;
  bool numbered = false;
};

void read_attribute(std::uint16_t type, Bytes value, Attributes& into) noexcept {
  ByteReader reader(value);
  switch (type) {
    case NFQA_PACKET_HDR:
      into.packet.id = reader.u32();
      into.numbered = reader.ok();
      break;
    case NFQA_MARK:
      into.packet.mark = reader.u32();
      break;
    case NFQA_TIMESTAMP:
      into.packet.arrived = read_time(value);
      break;
    case NFQA_PAYLOAD:
      into.packet.payload = value;
      break;
    case NFQA_CAP_LEN:
      into.packet.wire_size = reader.u32();
      break;
    case NFQA_SKB_INFO:
      into.skb_info = reader.u32();
      break;
    default:
      break;
  }
}

}  // namespace

std::optional<QueuedPacket> parse_packet(Bytes message) noexcept {
  Attributes found;
  const bool whole = read_attributes(message, kPacketMessage, [&found](std::uint16_t type, Bytes value) {
    read_attribute(type, value, found);
  });
  if (!whole || !found.numbered) return std::nullopt;
  QueuedPacket& packet = found.packet;
  packet.wire_size = std::max(packet.wire_size, static_cast<std::uint32_t>(packet.payload.size()));
  packet.checksums_trusted = trusted(found.skb_info);
  return packet;
}

}  // namespace bansoko::capture::nfqueue
