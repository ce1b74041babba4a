// SPDX-License-Identifier: Apache-2.0
#include "shield/capture/nflog/message.h"

#include <algorithm>

#include <netinet/in.h>

#include <linux/netfilter/nfnetlink_log.h>

#include "shield/capture/netlink_reader.h"
#include "shield/packet/checksum.h"

namespace bansoko::capture::nflog {
namespace {

constexpr std::uint16_t kPacketMessage = NFNL_SUBSYS_ULOG << 8U | NFULNL_MSG_PACKET;
constexpr std::size_t kIpv6Header = 40;
/// What a packet merged to more than an IP header can say is told to have been.
constexpr std::uint32_t kBeyondAnyHeader = 65536;

/// The parts of an IP packet that a checksum of TCP or UDP is about. Without extension headers.
struct Upper {
  Bytes addresses = {};
  std::uint8_t protocol = 0;
  Bytes bytes = {};
};

Upper read_ipv4(Bytes packet) noexcept {
  ByteReader reader(packet);
  const std::size_t header = std::size_t{4} * (reader.u8() & 0x0fU);
  reader.skip(1);
  const std::size_t total = reader.u16();
  reader.skip(5);
  Upper upper;
  upper.protocol = reader.u8();
  reader.skip(2);
  upper.addresses = reader.take(8);
  if (!reader.ok() || header < 20 || header > total || total > packet.size()) return {};
  upper.bytes = packet.subspan(header, total - header);
  return upper;
}

Upper read_ipv6(Bytes packet) noexcept {
  ByteReader reader(packet);
  reader.skip(4);
  const std::size_t length = reader.u16();
  Upper upper;
  upper.protocol = reader.u8();
  reader.skip(1);
  upper.addresses = reader.take(32);
  upper.bytes = reader.take(length);
  return reader.ok() ? upper : Upper{};
}

unsigned version_of(Bytes packet) noexcept { return packet.empty() ? 0 : packet[0] >> 4U; }

/// What the IP header says; 0: nothing.
std::uint32_t stated_size(Bytes packet) noexcept {
  ByteReader reader(packet);
  const bool six = version_of(packet) == 6;
  reader.skip(six ? 4 : 2);
  const std::uint32_t stated = reader.u16();
  return six && stated != 0 ? stated + static_cast<std::uint32_t>(kIpv6Header) : stated;
}

}  // namespace

std::optional<CopiedPacket> parse_copy(Bytes message) noexcept {
  CopiedPacket packet;
  const bool whole = read_attributes(message, kPacketMessage, [&packet](std::uint16_t type, Bytes value) {
    ByteReader reader(value);
    if (type == NFULA_PAYLOAD) packet.payload = value;
    if (type == NFULA_TIMESTAMP) packet.arrived = read_time(value);
    if (type != NFULA_SEQ) return;
    const std::uint32_t sequence = reader.u32();
    if (reader.ok()) packet.sequence = sequence;
  });
  return whole ? std::optional(packet) : std::nullopt;
}

std::uint32_t wire_size(Bytes packet) noexcept {
  const auto size = static_cast<std::uint32_t>(packet.size());
  if (packet.size() < kMaxCopy) return size;
  const std::uint32_t stated = stated_size(packet);
  return stated == 0 ? kBeyondAnyHeader : std::max(stated, size);
}

bool is_checksum_unfilled(Bytes packet) noexcept {
  // Merged by the kernel to more than a header can say; nobody else sends such a packet.
  if (packet.size() >= kMaxCopy && stated_size(packet) == 0) return true;
  const Upper upper = version_of(packet) == 6 ? read_ipv6(packet) : read_ipv4(packet);
  ByteReader reader(upper.bytes);
  if (upper.protocol == IPPROTO_TCP)
    reader.skip(16);
  else if (upper.protocol == IPPROTO_UDP)
    reader.skip(6);
  else
    return false;
  const std::uint16_t field = reader.u16();
  packet::Checksum addresses;
  addresses.add(upper.addresses);
  addresses.add(static_cast<std::uint32_t>(upper.bytes.size()));
  addresses.add(std::uint32_t{upper.protocol});
  return reader.ok() && field == static_cast<std::uint16_t>(~addresses.value());
}

}  // namespace bansoko::capture::nflog
