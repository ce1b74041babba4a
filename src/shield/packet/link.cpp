// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "shield/packet/layers.h"
#include "shield/packet/network_name.h"

namespace bansoko::packet {
namespace {

constexpr std::size_t kMacAddresses = 12;
constexpr int kMaxTags = 8;     // read of one frame in a row; a frame may not keep us reading tags for ever
constexpr int kMaxLabels = 16;  // of one MPLS stack
constexpr int kMaxLayers = 16;  // headers that lead to another header

enum EtherType : std::uint16_t {
  type_ipv4 = 0x0800,
  type_ipv6 = 0x86dd,
  type_mpls = 0x8847,
  type_mpls_upstream = 0x8848,
  type_pppoe = 0x8864,
};

/// What the next bytes belong to.
enum class Layer : std::uint8_t { none, ethernet, ppp, pppoe, mpls, ip, ipv4, ipv6 };

constexpr bool is_vlan(std::uint16_t type) noexcept {
  return type == 0x8100 || type == 0x88a8 || type == 0x9100;  // 802.1Q, 802.1ad, and QinQ before 802.1ad
}

constexpr Layer layer_of(std::uint16_t ether_type) noexcept {
  switch (ether_type) {
    case type_ipv4:
      return Layer::ipv4;
    case type_ipv6:
      return Layer::ipv6;
    case type_mpls:
    case type_mpls_upstream:
      return Layer::mpls;
    case type_pppoe:
      return Layer::pppoe;
    default:
      return Layer::none;
  }
}

unsigned version_of(Bytes bytes) noexcept { return bytes.empty() ? 0U : bytes[0] >> 4U; }

/// Do these bytes begin with an IP header whose lengths can be true?
bool is_plainly_ip(Bytes bytes) noexcept {
  ByteReader reader(bytes);
  if (version_of(bytes) == 6) {
    reader.skip(4);
    return 40U + reader.u16() <= bytes.size() && reader.ok();
  }
  const std::size_t header = std::size_t{4} * (reader.u8() & 0x0fU);
  reader.skip(1);
  const std::size_t total = reader.u16();
  return version_of(bytes) == 4 && header >= 20 && header <= total && total <= bytes.size();
}

/// Do these bytes begin with an Ethernet header that leads to an IP header? The rest does not matter to us.
bool is_plainly_ethernet(Bytes bytes) noexcept {
  ByteReader reader(bytes);
  reader.skip(kMacAddresses);
  std::uint16_t type = reader.u16();
  for (int i = 0; i < kMaxTags && is_vlan(type); ++i) {
    reader.skip(2);
    type = reader.u16();
  }
  if (!reader.ok()) return false;
  const unsigned version = version_of(reader.rest());
  return (type == type_ipv4 && version == 4) || (type == type_ipv6 && version == 6) || type == type_pppoe ||
         type == type_mpls;
}

/// Goes from header to header until IP, or until there is nothing that we know.
class Walk {
 public:
  Walk(Packet& packet, const NetworkBytes& network) noexcept
      : packet_(packet), network_(network), reader_(network.bytes) {}

  void run(Link link) noexcept {
    Layer layer = begin(link);
    for (int i = 0; i < kMaxLayers && is_between(layer); ++i) layer = step(layer);
    if (!reader_.ok()) {
      packet_.anomalies.add(Anomaly::link_truncated);
      return;
    }
    network_.bytes = reader_.rest();
    if (layer == Layer::ip) decode_network(packet_, network_);
    if (layer == Layer::ipv4 || layer == Layer::ipv6) decode_version(layer == Layer::ipv4 ? 4 : 6);
  }

 private:
  static bool is_between(Layer layer) noexcept {
    return layer == Layer::ethernet || layer == Layer::ppp || layer == Layer::pppoe || layer == Layer::mpls;
  }

  Layer begin(Link link) noexcept {
    switch (link) {
      case Link::ethernet:
        return ethernet();
      case Link::ip:
        return Layer::ip;
      case Link::null:
        return family();
      case Link::linux_cooked:
        reader_.skip(14);
        return typed(reader_.u16());
      case Link::linux_cooked_v2: {
        const std::uint16_t type = reader_.u16();
        reader_.skip(18);
        return typed(type);
      }
      case Link::ppp:
        return Layer::ppp;
      case Link::hdlc:
        reader_.skip(2);
        return typed(reader_.u16());
      case Link::mpls:
        return Layer::mpls;
    }
    return Layer::none;
  }

  Layer step(Layer layer) noexcept {
    switch (layer) {
      case Layer::ethernet:
        return ethernet();
      case Layer::ppp:
        return ppp();
      case Layer::pppoe:
        return pppoe();
      case Layer::mpls:
        return mpls();
      default:
        return layer;
    }
  }

  Layer ethernet() noexcept {
    reader_.skip(kMacAddresses);
    return typed(reader_.u16());
  }

  /// Reads tags until a type that is none.
  Layer typed(std::uint16_t type) noexcept {
    for (int i = 0; i < kMaxTags && is_vlan(type); ++i) {
      const std::uint16_t tag = reader_.u16();
      type = reader_.u16();
      if (!reader_.ok()) break;
      if (packet_.vlan_count < packet_.vlan.size())
        packet_.vlan[packet_.vlan_count++] = tag;
      else
        packet_.anomalies.add(Anomaly::vlan_too_deep);
    }
    return layer_of(type);
  }

  /// The values for IPv6 differ by system.
  Layer family() noexcept {
    const std::uint32_t number = reader_.u32();
    const std::uint32_t value = number > 0xffff ? __builtin_bswap32(number) : number;
    const bool known = value == 2 || value == 10 || value == 24 || value == 28 || value == 30;
    return known ? Layer::ip : Layer::none;
  }

  /// RFC 1661, with the address and control fields left out, and the protocol in one byte, if the sender
  /// likes.
  Layer ppp() noexcept {
    const Bytes rest = reader_.rest();
    if (rest.size() >= 2 && rest[0] == 0xff && rest[1] == 0x03) reader_.skip(2);
    std::uint16_t protocol = reader_.u8();
    if ((protocol & 1U) == 0) protocol = static_cast<std::uint16_t>(protocol << 8U | reader_.u8());
    switch (protocol) {
      case 0x0021:
        return Layer::ipv4;
      case 0x0057:
        return Layer::ipv6;
      case 0x0281:
      case 0x0283:
        return Layer::mpls;
      default:
        return Layer::none;
    }
  }

  /// A session's frame (RFC 2516). Discovery has a type of its own, which leads nowhere.
  Layer pppoe() noexcept {
    constexpr std::uint16_t kVersionTypeSession = 0x1100;
    const std::uint16_t kind = reader_.u16();
    const std::uint16_t session = reader_.u16();
    const std::size_t length = reader_.u16();
    if (!reader_.ok() || kind != kVersionTypeSession) return Layer::none;
    const Bytes rest = reader_.rest();
    if (length > rest.size() + network_.cut) packet_.anomalies.add(Anomaly::pppoe_length);
    const std::size_t present = std::min(length, rest.size());
    network_.cut = std::min(network_.cut, length - present);
    reader_ = ByteReader(rest.first(present));
    packet_.network = network_name(packet_.network, std::uint64_t{session} + 1);
    return Layer::ppp;
  }

  /// Labels are not part of the network's name: each direction of a conversation has its own.
  Layer mpls() noexcept {
    constexpr std::uint32_t kBottom = 0x100;
    for (int i = 0; i < kMaxLabels; ++i) {
      const std::uint32_t entry = reader_.u32();
      if (!reader_.ok()) return Layer::none;
      if ((entry & kBottom) != 0) return below_labels();
    }
    packet_.anomalies.add(Anomaly::mpls_too_deep);
    return Layer::none;
  }

  /// Nothing says what stands below a stack: its first bits are IP's version, or those of a pseudowire's
  /// control word (RFC 4385), or an Ethernet frame begins at once.
  Layer below_labels() noexcept {
    constexpr std::size_t kControlWord = 4;
    const Bytes rest = reader_.rest();
    if (is_plainly_ip(rest)) return Layer::ip;
    const bool control_word = version_of(rest) == 0 && rest.size() > kControlWord;
    if (control_word && is_plainly_ethernet(rest.subspan(kControlWord))) {
      reader_.skip(kControlWord);
      return Layer::ethernet;
    }
    if (is_plainly_ethernet(rest)) return Layer::ethernet;
    return version_of(rest) == 4 || version_of(rest) == 6 ? Layer::ip : Layer::none;
  }

  void decode_version(unsigned version) noexcept {
    if (!network_.bytes.empty() && version_of(network_.bytes) != version)
      packet_.anomalies.add(Anomaly::ip_version_unknown);
    else if (version == 4)
      decode_ipv4(packet_, network_);
    else
      decode_ipv6(packet_, network_);
  }

  Packet& packet_;
  NetworkBytes network_;
  ByteReader reader_;
};

}  // namespace

void decode_link(Packet& packet, const NetworkBytes& network, Link link) noexcept {
  Walk(packet, network).run(link);
}

}  // namespace bansoko::packet
