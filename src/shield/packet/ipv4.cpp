// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "shield/packet/checksum.h"
#include "shield/packet/decode.h"
#include "shield/packet/layers.h"

namespace bansoko::packet {
namespace {

constexpr std::size_t kMinHeader = 20;
constexpr std::uint16_t kMoreFragments = 0x2000;
constexpr std::uint16_t kOffsetMask = 0x1fff;

/// What matters in the options (RFC 791 section 3.1).
struct Options {
  bool malformed = false;
  bool source_route = false;  // the destination is not yet the one that the checksum below covers
};

Options read_options(Bytes bytes) noexcept {
  constexpr std::uint8_t kEnd = 0;
  constexpr std::uint8_t kNoOperation = 1;
  constexpr std::uint8_t kLooseSourceRoute = 131;
  constexpr std::uint8_t kStrictSourceRoute = 137;
  Options options;
  ByteReader reader(bytes);
  while (!reader.rest().empty()) {
    const std::uint8_t kind = reader.u8();
    if (kind == kEnd) break;
    if (kind == kNoOperation) continue;
    const std::uint8_t size = reader.u8();
    if (size >= 2) reader.skip(size - 2U);
    options.malformed = size < 2 || !reader.ok();
    if (options.malformed) break;
    options.source_route |= kind == kLooseSourceRoute || kind == kStrictSourceRoute;
  }
  return options;
}

/// Reads the fixed part; returns the total length it states, or nothing if it is cut short.
bool read_fixed_header(Packet& packet, Bytes bytes, std::size_t& total) noexcept {
  ByteReader reader(bytes);
  reader.skip(2);
  total = reader.u16();
  const std::uint16_t id = reader.u16();
  const std::uint16_t fragment = reader.u16();
  const std::uint8_t ttl = reader.u8();
  const std::uint8_t protocol = reader.u8();
  reader.skip(2);
  const Bytes source = reader.take(4);
  const Bytes dest = reader.take(4);
  if (!reader.ok()) return false;
  packet.ip_version = 4;
  packet.fragment_id = id;
  packet.more_fragments = (fragment & kMoreFragments) != 0;
  packet.fragment_offset = (fragment & kOffsetMask) * 8U;
  packet.is_fragment = packet.more_fragments || packet.fragment_offset != 0;
  packet.ttl = ttl;
  packet.protocol = protocol;
  packet.source = Address::from_v4(source);
  packet.dest = Address::from_v4(dest);
  return true;
}

void check_header(Packet& packet, Bytes header) noexcept {
  Checksum checksum;
  checksum.add(header);
  if (checksum.value() == 0) return;
  packet.anomalies.add(Anomaly::ipv4_checksum);
  packet.checksum_bad = true;
}

}  // namespace

void decode_ipv4(Packet& packet, const NetworkBytes& network) noexcept {
  const Bytes bytes = network.bytes;
  std::size_t total = 0;
  if (!read_fixed_header(packet, bytes, total)) {
    packet.anomalies.add(Anomaly::ipv4_header_truncated);
    return;
  }
  packet.ip = bytes;
  const std::size_t header = std::size_t{4} * (bytes[0] & 0x0fU);
  if (header < kMinHeader || header > bytes.size()) {
    packet.anomalies.add(header < kMinHeader ? Anomaly::ipv4_header_length : Anomaly::ipv4_header_truncated);
    return;
  }
  const std::size_t carried = bytes.size() + network.cut;
  // Linux leaves the field zero in a super-packet that is longer than it can say (BIG TCP), and some hosts in
  // all that their card is to cut, with checksums that it is to fill in.
  const bool is_unsegmented = total == 0 && network.may_be_unsegmented && packet.protocol == Protocol::tcp;
  if (is_unsegmented || (total == 0 && network.trusted)) total = carried;
  const bool verify = network.verify && !is_unsegmented;
  if (total < header || total > carried) packet.anomalies.add(Anomaly::ipv4_total_length);
  const std::size_t present = std::min(std::max(total, header), bytes.size());
  packet.ip = bytes.first(present);
  if (verify) check_header(packet, bytes.first(header));
  const Options options = read_options(bytes.subspan(kMinHeader, header - kMinHeader));
  if (options.malformed) packet.anomalies.add(Anomaly::ipv4_options_malformed);
  packet.payload = packet.ip.subspan(header);
  if (packet.is_fragment || total < header) return;
  decode_transport(packet, packet.payload,
                   {.verify_checksums = verify && present == total && !options.source_route});
}

}  // namespace bansoko::packet
