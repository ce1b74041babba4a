// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "shield/packet/checksum.h"
#include "shield/packet/decode.h"

namespace bansoko::packet {
namespace {

constexpr std::size_t kMinTcpHeader = 20;
constexpr std::size_t kUdpHeader = 8;

bool is_intact(const Packet& packet, Bytes message) noexcept {
  // All 16 bytes of a mapped IPv4 address may be summed: its prefix is 0xffff, which is zero here.
  Checksum checksum;
  checksum.add(Bytes(packet.source.bytes));
  checksum.add(Bytes(packet.dest.bytes));
  checksum.add(static_cast<std::uint32_t>(message.size()));
  checksum.add(packet.protocol);
  checksum.add(message);
  return checksum.value() == 0;
}

void mark_bad(Packet& packet, Anomaly anomaly) noexcept {
  packet.anomalies.add(anomaly);
  packet.checksum_bad = true;
}

/// Reads as many TCP options as are well formed; false if one is not.
bool read_tcp_options(Bytes options, TcpHeader& tcp) noexcept {
  enum Kind : std::uint8_t {
    end,
    no_operation,
    mss,
    window_scale,
    sack_permitted,
    timestamps = 8,
    md5_signature = 19,
    tcp_authentication = 29
  };
  constexpr std::uint8_t kMaxShift = 14;  // RFC 7323 section 2.3
  bool well_formed = true;
  ByteReader reader(options);
  while (!reader.rest().empty()) {
    const std::uint8_t kind = reader.u8();
    if (kind == end) break;
    if (kind == no_operation) continue;
    const std::uint8_t size = reader.u8();
    if (size < 2) return false;
    ByteReader value(reader.take(size - 2U));
    if (!reader.ok()) return false;
    // An option of a size that it cannot have is skipped, as receivers do.
    if (kind == mss && size == 4) {
      tcp.has_mss = true;
      tcp.mss = value.u16();
    } else if (kind == window_scale && size == 3) {
      tcp.has_window_scale = true;
      tcp.window_scale = std::min(value.u8(), kMaxShift);
    } else if (kind == timestamps && size == 10) {
      tcp.has_timestamp = true;
      tcp.timestamp = value.u32();
      tcp.timestamp_echo = value.u32();
    } else if (kind == md5_signature || kind == tcp_authentication) {
      tcp.is_signed = true;
    } else if (kind == mss || kind == window_scale || kind == timestamps ||
               (kind == sack_permitted && size != 2)) {
      well_formed = false;
    }
  }
  return well_formed;
}

constexpr bool are_possible(std::uint8_t flags) noexcept {
  if ((flags & TcpFlag::syn) != 0) return (flags & (TcpFlag::fin | TcpFlag::rst)) == 0;
  return (flags & (TcpFlag::ack | TcpFlag::rst)) != 0;
}

void decode_tcp(Packet& packet, Bytes segment, bool verify) noexcept {
  ByteReader reader(segment);
  const std::uint16_t source_port = reader.u16();
  const std::uint16_t dest_port = reader.u16();
  TcpHeader tcp;
  tcp.sequence = reader.u32();
  tcp.acknowledgement = reader.u32();
  const std::size_t header = std::size_t{4} * (reader.u8() >> 4U);
  tcp.flags = reader.u8();
  tcp.window = reader.u16();
  reader.skip(2);
  tcp.urgent = reader.u16();
  if (!reader.ok() || header > segment.size()) {
    packet.anomalies.add(Anomaly::tcp_header_truncated);
    return;
  }
  if (header < kMinTcpHeader) {
    packet.anomalies.add(Anomaly::tcp_header_length);
    return;
  }
  const Bytes options = reader.take(header - kMinTcpHeader);
  if (!options.empty() && !read_tcp_options(options, tcp))
    packet.anomalies.add(Anomaly::tcp_options_malformed);
  if (!are_possible(tcp.flags)) packet.anomalies.add(Anomaly::tcp_flags_invalid);
  if (verify && !is_intact(packet, segment)) mark_bad(packet, Anomaly::tcp_checksum);
  packet.source_port = source_port;
  packet.dest_port = dest_port;
  packet.tcp = tcp;
  packet.payload = reader.rest();
  packet.has_transport = true;
}

/// How many bytes the datagram has, going by its length field as far as that can be true.
/// `size` is what there is.
std::size_t udp_size(Packet& packet, std::size_t size, std::size_t field) noexcept {
  // RFC 2675 section 4: zero in a jumbogram.
  if (field == 0 && size > 65535) return size;
  // A field below what there is leaves room for UDP options (RFC 9868): receivers cut there.
  if (kUdpHeader <= field && field <= size) return field;
  if (field < kUdpHeader)
    packet.anomalies.add(Anomaly::udp_length_under_header);
  else if (!packet.anomalies.has(Anomaly::frame_truncated))  // of a datagram that was cut it may be true
    packet.anomalies.add(Anomaly::udp_length);
  return field < kUdpHeader ? kUdpHeader : size;
}

void decode_udp(Packet& packet, Bytes datagram, bool verify) noexcept {
  ByteReader reader(datagram);
  const std::uint16_t source_port = reader.u16();
  const std::uint16_t dest_port = reader.u16();
  const std::uint16_t field = reader.u16();
  const std::uint16_t checksum = reader.u16();
  if (!reader.ok()) {
    packet.anomalies.add(Anomaly::udp_header_truncated);
    return;
  }
  const std::size_t size = udp_size(packet, datagram.size(), field);
  packet.source_port = source_port;
  packet.dest_port = dest_port;
  packet.payload = datagram.first(size).subspan(kUdpHeader);
  packet.has_transport = true;
  const bool lies =
      packet.anomalies.has(Anomaly::udp_length) || packet.anomalies.has(Anomaly::udp_length_under_header);
  if (!verify || lies) return;
  if (checksum != 0) {
    if (!is_intact(packet, datagram.first(size))) mark_bad(packet, Anomaly::udp_checksum);
  } else if (packet.ip_version == 6) {
    packet.anomalies.add(Anomaly::udp_checksum);  // some receivers take it (RFC 6935), so it is not bad
  }
}

void decode_icmp(Packet& packet, Bytes message, bool verify) noexcept {
  const bool six = packet.ip_version == 6;
  ByteReader reader(message);
  const std::uint8_t type = reader.u8();
  const std::uint8_t code = reader.u8();
  reader.skip(6);  // the checksum, and a field whose meaning is the type's
  if (!reader.ok()) {
    packet.anomalies.add(six ? Anomaly::icmpv6_header_truncated : Anomaly::icmp_header_truncated);
    return;
  }
  packet.icmp_type = type;
  packet.icmp_code = code;
  packet.payload = reader.rest();
  packet.has_transport = true;
  if (!verify) return;
  if (six) {
    if (!is_intact(packet, message)) mark_bad(packet, Anomaly::icmpv6_checksum);
    return;
  }
  Checksum checksum;  // without addresses, unlike all others
  checksum.add(message);
  if (checksum.value() != 0) mark_bad(packet, Anomaly::icmp_checksum);
}

/// The chunks are the payload. Their checksum (CRC32c) is not verified: nothing is put together from them.
void decode_sctp(Packet& packet, Bytes message) noexcept {
  ByteReader reader(message);
  const std::uint16_t source_port = reader.u16();
  const std::uint16_t dest_port = reader.u16();
  reader.skip(8);
  if (!reader.ok()) {
    packet.anomalies.add(Anomaly::sctp_header_truncated);
    return;
  }
  packet.source_port = source_port;
  packet.dest_port = dest_port;
  packet.payload = reader.rest();
  packet.has_transport = true;
}

}  // namespace

void decode_transport(Packet& packet, Bytes upper_layer, const DecodeSettings& settings) noexcept {
  packet.transport = packet.payload = upper_layer;
  if (packet.protocol == Protocol::tcp)
    decode_tcp(packet, upper_layer, settings.verify_checksums);
  else if (packet.protocol == Protocol::udp)
    decode_udp(packet, upper_layer, settings.verify_checksums);
  else if (packet.protocol == (packet.ip_version == 6 ? Protocol::icmpv6 : Protocol::icmp))
    decode_icmp(packet, upper_layer, settings.verify_checksums);
  else if (packet.protocol == Protocol::sctp)
    decode_sctp(packet, upper_layer);
  else if (packet.protocol == Protocol::icmp || packet.protocol == Protocol::icmpv6)
    packet.anomalies.add(Anomaly::icmp_other_version);
}

}  // namespace bansoko::packet
