// SPDX-License-Identifier: Apache-2.0
#include "shield/capture/pcapfile/link_type.h"

#include <pcap/pcap.h>

namespace bansoko::capture::pcapfile {

using packet::Link;

Result<Link> link_type(std::uint32_t number) {
  constexpr std::uint32_t kRawOpenBsd = 14;
  constexpr std::uint32_t kRaw = 101;  // DLT_RAW is 12 in memory and LINKTYPE_RAW is 101 in files
  switch (number) {
    case DLT_EN10MB:
      return Link::ethernet;
    case DLT_RAW:
    case kRawOpenBsd:
    case kRaw:
    case DLT_IPV4:
    case DLT_IPV6:
      return Link::ip;
    case DLT_NULL:
    case DLT_LOOP:
      return Link::null;
    case DLT_LINUX_SLL:
      return Link::linux_cooked;
    case DLT_LINUX_SLL2:
      return Link::linux_cooked_v2;
    case DLT_PPP:
    case DLT_PPP_SERIAL:
      return Link::ppp;
    case DLT_C_HDLC:
      return Link::hdlc;
    case DLT_MPLS:
      return Link::mpls;
    default:
      break;
  }
  const char* const name = pcap_datalink_val_to_name(static_cast<int>(number));
  return fail(Errc::unsupported,
              "link type {} ({}) is not supported: Ethernet, raw IP, Linux cooked, loopback, PPP, HDLC and "
              "MPLS are",
              number, name == nullptr ? "unknown" : name);
}

}  // namespace bansoko::capture::pcapfile
