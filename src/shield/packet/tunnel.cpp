// SPDX-License-Identifier: Apache-2.0
#include "shield/packet/tunnel.h"

#include <bit>

#include "base/keyed_hash.h"
#include "shield/packet/checksum.h"
#include "shield/packet/layers.h"

namespace bansoko::packet {
namespace {

enum GreFlag : std::uint16_t {
  has_checksum = 0x8000,
  has_routing = 0x4000,
  has_key = 0x2000,
  has_sequence = 0x1000,
  has_acknowledgement = 0x0080,  // version 1
};

enum GreType : std::uint16_t {
  gre_ipv4 = 0x0800,
  gre_wccp = 0x883e,
  gre_ppp = 0x880b,
  gre_mpls = 0x8847,
  gre_mpls_upstream = 0x8848,
  gre_erspan = 0x88be,  // types I and II
  gre_erspan_iii = 0x22eb,
  gre_ethernet = 0x6558,
  gre_ipv6 = 0x86dd,
};

/// A GRE header, and what stands behind it.
struct Gre {
  std::uint16_t flags = 0;
  std::uint16_t type = 0;
  std::uint32_t key = 0;
  Bytes payload = {};
};

unsigned version_of(Bytes bytes) noexcept { return bytes.empty() ? 0U : bytes[0] >> 4U; }

std::array<std::uint64_t, 2> words_of(const Address& address) noexcept {
  return std::bit_cast<std::array<std::uint64_t, 2>>(address.bytes);
}

/// What tells apart the networks inside tunnels. Both directions of a tunnel must give the same.
class Network {
 public:
  Network(const Packet& outer, const TunnelSettings& settings) noexcept
      : outer_(outer), seed_(settings.seed) {}

  /// By a number alone, where any end may send into it, or its inner addresses are the world's.
  std::uint64_t by_number(Tunnel by, std::uint32_t number) const noexcept {
    const std::array<std::uint64_t, 2> words{outer_.network, place(by, number)};
    return KeyedHash(seed_)(words) | 1U;
  }

  /// By both its ends, and a number of theirs.
  std::uint64_t by_ends(Tunnel by, std::uint32_t number) const noexcept {
    const auto low = words_of(std::min(outer_.source, outer_.dest));
    const auto high = words_of(std::max(outer_.source, outer_.dest));
    const std::array<std::uint64_t, 6> words{outer_.network, place(by, number), low[0],
                                             low[1],         high[0],           high[1]};
    return KeyedHash(seed_)(words) | 1U;
  }

 private:
  std::uint64_t place(Tunnel by, std::uint32_t number) const noexcept {
    constexpr std::uint64_t kVlanIdentifier = 0x0fff;
    return std::uint64_t{number} << 32U | (outer_.vlan[0] & kVlanIdentifier) << 20U |
           (outer_.vlan[1] & kVlanIdentifier) << 8U | static_cast<std::uint8_t>(by);
  }

  const Packet& outer_;
  std::uint64_t seed_;
};

Carried refused(Packet& packet, Anomaly anomaly) noexcept {
  packet.anomalies.add(anomaly);
  return {};
}

/// Passes over the source routes (RFC 1701): each says how long it is, and the last is empty.
void skip_routing(ByteReader& reader) noexcept {
  constexpr int kMaxRoutes = 16;
  for (int i = 0; i < kMaxRoutes; ++i) {
    const std::uint16_t family = reader.u16();
    reader.skip(1);
    const std::uint8_t length = reader.u8();
    reader.skip(length);
    if (!reader.ok() || (family == 0 && length == 0)) return;
  }
  reader.skip(reader.rest().size() + 1);  // no end of it: as good as cut short
}

/// Version 1 (RFC 2637): PPP between two call numbers, one for each direction.
Carried pptp(Packet& packet, const Gre& gre, const TunnelSettings& settings) noexcept {
  ByteReader reader(gre.payload);
  const std::size_t length = reader.u16();
  reader.skip(2);
  if ((gre.flags & has_sequence) != 0) reader.skip(4);
  if ((gre.flags & has_acknowledgement) != 0) reader.skip(4);
  const bool sound = reader.ok() && gre.type == gre_ppp && (gre.flags & has_key) != 0;
  if (!sound || length > reader.rest().size() + packet.cut) return refused(packet, Anomaly::gre_malformed);
  if (length == 0) return {};  // an acknowledgement alone
  const Bytes frame = reader.rest().first(std::min(length, reader.rest().size()));
  return {Tunnel::pptp, Link::ppp, frame, Network(packet, settings).by_ends(Tunnel::pptp, 0)};
}

/// A copy of an Ethernet frame. Type I has no header and no sequence number; II and III have a session.
Carried erspan(Packet& packet, const Gre& gre, const TunnelSettings& settings) noexcept {
  constexpr std::uint16_t kSessionMask = 0x03ff;
  ByteReader reader(gre.payload);
  std::uint16_t session = 0;
  if (gre.type == gre_erspan_iii || (gre.flags & has_sequence) != 0) {
    const unsigned version = version_of(reader.rest());
    reader.skip(2);
    session = reader.u16() & kSessionMask;
    reader.skip(4);
    if (gre.type == gre_erspan_iii) {
      reader.skip(2);
      if ((reader.u16() & 1U) != 0) reader.skip(8);
    }
    if (!reader.ok() || version != (gre.type == gre_erspan_iii ? 2U : 1U))
      return refused(packet, Anomaly::erspan_malformed);
  }
  return {Tunnel::erspan, Link::ethernet, reader.rest(),
          Network(packet, settings).by_ends(Tunnel::erspan, session)};
}

Carried by_type(Packet& packet, const Gre& gre, const TunnelSettings& settings) noexcept {
  Carried carried{.by = Tunnel::gre, .bytes = gre.payload};
  switch (gre.type) {
    case gre_ipv4:
    case gre_ipv6:
      break;
    case gre_wccp:  // version 2 has a header of its own, which cannot be taken for IPv4
      if (version_of(gre.payload) != 4)
        carried.bytes = gre.payload.subspan(std::min<std::size_t>(4, gre.payload.size()));
      break;
    case gre_ethernet:
      carried.link = Link::ethernet;
      break;
    case gre_mpls:
    case gre_mpls_upstream:
      carried.link = Link::mpls;
      break;
    case gre_ppp:
      carried.link = Link::ppp;
      break;
    case gre_erspan:
    case gre_erspan_iii:
      return erspan(packet, gre, settings);
    default:
      return {};
  }
  carried.network = Network(packet, settings).by_ends(Tunnel::gre, gre.key);
  return carried;
}

Carried in_gre(Packet& packet, const TunnelSettings& settings) noexcept {
  constexpr std::uint16_t kVersionMask = 0x0007;
  ByteReader reader(packet.payload);
  Gre gre;
  gre.flags = reader.u16();
  gre.type = reader.u16();
  const unsigned version = gre.flags & kVersionMask;
  gre.payload = reader.rest();
  if (reader.ok() && version == 1) return pptp(packet, gre, settings);
  if ((gre.flags & (has_checksum | has_routing)) != 0) reader.skip(4);
  if ((gre.flags & has_key) != 0) gre.key = reader.u32();
  if ((gre.flags & has_sequence) != 0) reader.skip(4);
  if ((gre.flags & has_routing) != 0) skip_routing(reader);
  if (!reader.ok() || version != 0) return refused(packet, Anomaly::gre_malformed);
  gre.payload = reader.rest();
  if ((gre.flags & has_checksum) != 0 && settings.verify_checksums && !packet.trusted && packet.cut == 0) {
    Checksum checksum;
    checksum.add(packet.payload);
    if (checksum.value() != 0) {
      packet.checksum_bad = true;
      return refused(packet, Anomaly::gre_checksum);
    }
  }
  return by_type(packet, gre, settings);
}

/// RFC 7348. A receiver throws away what says it has no network, so it is none.
Carried vxlan(Packet& packet, const TunnelSettings& settings) noexcept {
  constexpr std::uint8_t kHasNetwork = 0x08;
  ByteReader reader(packet.payload);
  const std::uint8_t flags = reader.u8();
  reader.skip(3);
  const std::uint32_t number = reader.u24();
  reader.skip(1);
  if (!reader.ok() || (flags & kHasNetwork) == 0) return refused(packet, Anomaly::vxlan_malformed);
  return {Tunnel::vxlan, Link::ethernet, reader.rest(),
          Network(packet, settings).by_number(Tunnel::vxlan, number)};
}

/// RFC 8926.
Carried geneve(Packet& packet, const TunnelSettings& settings) noexcept {
  constexpr std::uint8_t kLengthMask = 0x3f;
  ByteReader reader(packet.payload);
  const std::uint8_t first = reader.u8();
  reader.skip(1);
  const std::uint16_t type = reader.u16();
  const std::uint32_t number = reader.u24();
  reader.skip(1);
  reader.skip(std::size_t{4} * (first & kLengthMask));
  if (!reader.ok() || first >> 6U != 0) return refused(packet, Anomaly::geneve_malformed);
  if (type != gre_ethernet && type != gre_ipv4 && type != gre_ipv6) return {};
  return {Tunnel::geneve, type == gre_ethernet ? Link::ethernet : Link::ip, reader.rest(),
          Network(packet, settings).by_number(Tunnel::geneve, number)};
}

/// Is this the whole of an IPv6 packet between addresses that Teredo's receivers take (RFC 4380
/// section 5.2.3)?
bool is_teredo_packet(Bytes bytes) noexcept {
  constexpr std::uint32_t kPrefix = 0x20010000;
  constexpr std::uint32_t kLinkLocal = 0xfe800000;
  constexpr std::uint32_t kLinkLocalMask = 0xffc00000;
  ByteReader reader(bytes);
  reader.skip(4);
  const std::size_t length = reader.u16();
  reader.skip(2);
  const std::uint32_t source = reader.u32();
  reader.skip(12);
  const std::uint32_t dest = reader.u32();
  reader.skip(12);
  return reader.ok() && version_of(bytes) == 6 && length <= reader.rest().size() &&
         (source == kPrefix || dest == kPrefix || (source & kLinkLocalMask) == kLinkLocal);
}

/// RFC 4380 section 5.1.1: authentication first, then the origin, then IPv6.
Carried teredo(Packet& packet, const TunnelSettings& settings) noexcept {
  constexpr std::uint16_t kOrigin = 0;
  constexpr std::uint16_t kAuthentication = 1;
  const auto next_is = [](const ByteReader& reader, std::uint16_t kind) {
    return ByteReader(reader).u16() == kind && reader.rest().size() >= 2;
  };
  ByteReader reader(packet.payload);
  if (next_is(reader, kAuthentication)) {
    reader.skip(2);
    const std::size_t client = reader.u8();
    const std::size_t value = reader.u8();
    reader.skip(client + value + 9);
  }
  if (next_is(reader, kOrigin)) reader.skip(8);
  if (!reader.ok()) return refused(packet, Anomaly::teredo_malformed);
  if (!is_teredo_packet(reader.rest())) return {};
  return {Tunnel::teredo, Link::ip, reader.rest(), Network(packet, settings).by_number(Tunnel::teredo, 0)};
}

Carried in_udp(Packet& packet, const TunnelSettings& settings) noexcept {
  if (settings.vxlan.has(packet.dest_port)) return vxlan(packet, settings);
  if (settings.geneve.has(packet.dest_port)) return geneve(packet, settings);
  if (settings.teredo.has(packet.dest_port) || settings.teredo.has(packet.source_port))
    return teredo(packet, settings);
  return {};
}

}  // namespace

Carried carried_by(Packet& packet, const TunnelSettings& settings) noexcept {
  if (packet.is_fragment || packet.checksum_bad) return {};
  const auto check_version = [&packet](unsigned version) {
    if (version_of(packet.payload) != version) packet.anomalies.add(Anomaly::ip_inner_version);
  };
  const auto by_ends = [&](Link link) {
    return Carried{Tunnel::ip, link, packet.payload, Network(packet, settings).by_ends(Tunnel::ip, 0)};
  };
  switch (packet.protocol) {
    case Protocol::udp:
      return packet.has_transport ? in_udp(packet, settings) : Carried{};
    case Protocol::gre:
      return in_gre(packet, settings);
    case Protocol::ipv4:
      check_version(4);
      return by_ends(Link::ip);
    case Protocol::ipv6: {
      check_version(6);
      // 6to4 and its relays: each direction may come by other ends, and the addresses are the world's.
      const bool over_four = packet.ip_version == 4;
      if (!over_four) return by_ends(Link::ip);
      return {Tunnel::ip, Link::ip, packet.payload, Network(packet, settings).by_number(Tunnel::ip, 0)};
    }
    case Protocol::mpls:
      return by_ends(Link::mpls);
    default:
      return {};
  }
}

Packet decode_carried(const Packet& outer, const Carried& carried, const DecodeSettings& settings) noexcept {
  Packet inner;
  inner.number = outer.number;
  inner.arrived = outer.arrived;
  inner.frame = outer.frame;
  inner.outermost = outer.depth == 0 || outer.rebuilt ? outer.ip : outer.outermost;
  inner.depth = outer.depth + 1;
  inner.trusted = outer.trusted;
  inner.cut = outer.cut;
  inner.network = carried.network;
  if (inner.cut != 0) inner.anomalies.add(Anomaly::frame_truncated);
  decode_link(inner,
              {.bytes = carried.bytes,
               .cut = inner.cut,
               .trusted = inner.trusted,
               .verify = settings.verify_checksums && !inner.trusted},
              carried.link);
  return inner;
}

}  // namespace bansoko::packet
