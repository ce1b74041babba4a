// SPDX-License-Identifier: Apache-2.0
#include "shield/capture/pcapfile/link_type.h"

#include <pcap/pcap.h>

namespace bansoko::capture::pcapfile {
namespace {

constexpr std::uint16_t kIpv4 = 0x0800;
constexpr std::uint16_t kIpv6 = 0x86dd;

constexpr bool is_vlan(std::uint16_t protocol) noexcept { return protocol == 0x8100 || protocol == 0x88a8; }

/// `protocol` is an EtherType; VLAN tags may stand between it and the packet.
std::optional<Stripped> strip_cooked(std::uint16_t protocol, ByteReader reader, std::size_t size) noexcept {
  constexpr int kMostTags = 8;
  for (int tags = 0; is_vlan(protocol) && tags < kMostTags; ++tags) {
    reader.skip(2);
    protocol = reader.u16();
  }
  if (!reader.ok() || (protocol != kIpv4 && protocol != kIpv6)) return std::nullopt;
  return Stripped{packet::Link::ip, size - reader.rest().size()};
}

/// An address family in the order of the machine that captured; the values of IPv6 differ by system.
std::optional<Stripped> strip_null(ByteReader reader) noexcept {
  const std::uint32_t family = reader.u32();
  const std::uint32_t value = family > 0xffff ? __builtin_bswap32(family) : family;
  const bool ip = value == 2 || value == 10 || value == 24 || value == 28 || value == 30;
  if (!reader.ok() || !ip) return std::nullopt;
  return Stripped{packet::Link::ip, 4};
}

}  // namespace

Result<LinkType> link_type(std::uint32_t number) {
  constexpr std::uint32_t kRawOpenBsd = 14;
  constexpr std::uint32_t kRaw = 101;  // DLT_RAW is 12 in memory and LINKTYPE_RAW is 101 in files
  switch (number) {
    case DLT_EN10MB:
      return LinkType::ethernet;
    case DLT_RAW:
    case kRawOpenBsd:
    case kRaw:
    case DLT_IPV4:
    case DLT_IPV6:
      return LinkType::ip;
    case DLT_NULL:
    case DLT_LOOP:
      return LinkType::null;
    case DLT_LINUX_SLL:
      return LinkType::linux_cooked;
    case DLT_LINUX_SLL2:
      return LinkType::linux_cooked_v2;
    default:
      break;
  }
  const char* const name = pcap_datalink_val_to_name(static_cast<int>(number));
  return fail(Errc::unsupported,
              "link type {} ({}) is not supported: Ethernet, raw IP, Linux cooked and loopback are", number,
              name == nullptr ? "unknown" : name);
}

std::optional<Stripped> strip(LinkType type, Bytes bytes) noexcept {
  ByteReader reader(bytes);
  std::uint16_t protocol = 0;
  switch (type) {
    case LinkType::ethernet:
      return Stripped{packet::Link::ethernet, 0};
    case LinkType::ip:
      return Stripped{packet::Link::ip, 0};
    case LinkType::null:
      return strip_null(reader);
    case LinkType::linux_cooked:
      reader.skip(14);
      protocol = reader.u16();
      break;
    case LinkType::linux_cooked_v2:
      protocol = reader.u16();
      reader.skip(18);
      break;
  }
  return strip_cooked(protocol, reader, bytes.size());
}

}  // namespace bansoko::capture::pcapfile
