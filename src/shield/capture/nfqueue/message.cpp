// SPDX-License-Identifier: Apache-2.0
#include "shield/capture/nfqueue/message.h"

#include <algorithm>

#include <netinet/in.h>

#include <linux/netfilter/nfnetlink_queue.h>
#include <linux/netlink.h>

#include "shield/capture/native_order.h"

namespace bansoko::capture::nfqueue {
namespace {

constexpr std::uint16_t kPacketMessage = NFNL_SUBSYS_QUEUE << 8U | NFQNL_MSG_PACKET;
constexpr std::uint32_t kNanosecondsInSecond = 1'000'000'000;

std::chrono::nanoseconds read_time(ByteReader value) noexcept {
  const std::uint64_t seconds = value.u64();
  const std::uint64_t microseconds = value.u64();
  constexpr std::uint64_t kMaxSeconds = 0x7fffffffffffffff / kNanosecondsInSecond - 1;
  if (!value.ok() || seconds > kMaxSeconds || microseconds >= 1'000'000) return {};
  return std::chrono::nanoseconds(seconds * kNanosecondsInSecond + microseconds * 1000);
}

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
      into.packet.arrived = read_time(reader);
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
  ByteReader header(message);
  const std::uint32_t length = native_u32(header);
  const std::uint16_t type = native_u16(header);
  if (!header.ok() || type != kPacketMessage || length > message.size()) return std::nullopt;
  ByteReader reader(message.first(length));
  reader.skip(NLMSG_HDRLEN + NLMSG_ALIGN(sizeof(nfgenmsg)));
  Attributes found;
  while (reader.ok() && reader.rest().size() >= NLA_HDRLEN) {
    const std::uint16_t size = native_u16(reader);
    const std::uint16_t kind = native_u16(reader) & NLA_TYPE_MASK;
    if (size < NLA_HDRLEN) return std::nullopt;
    read_attribute(kind, reader.take(size - NLA_HDRLEN), found);
    const std::size_t padding = NLA_ALIGN(size) - size;
    reader.skip(std::min(padding, reader.rest().size()));  // the last attribute may come without
  }
  if (!reader.ok() || !found.numbered) return std::nullopt;
  QueuedPacket& packet = found.packet;
  packet.wire_size = std::max(packet.wire_size, static_cast<std::uint32_t>(packet.payload.size()));
  packet.checksums_trusted = trusted(found.skb_info);
  return packet;
}

}  // namespace bansoko::capture::nfqueue
