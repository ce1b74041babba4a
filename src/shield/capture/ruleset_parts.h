// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the parts of our tables share; for the files that make them alone.

#include <array>
#include <cstdint>

#include <netinet/in.h>

#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>

#include "shield/capture/firewall.h"
#include "shield/capture/nft_message.h"
#include "shield/capture/ruleset.h"

namespace bansoko::capture {

/// Types of ICMPv6 that are router and neighbour discovery.
inline constexpr std::uint8_t kFirstDiscovery = 133;
inline constexpr std::uint8_t kLastDiscovery = 137;

/// Refused five-tuples, kept for kinds of flow that conntrack forgets: one whose first packet was
/// refused is never confirmed, and a blocked client can end its entry with a reset.
inline constexpr std::uint32_t kMaxRefused = 65536;  // when full, only the connection's mark holds
inline constexpr std::uint64_t kRefusedFor = 10ULL * 60 * 1000;  // since the last packet of the flow

/// The numbers by which the nft program knows ipv4_addr, ipv6_addr, inet_proto and inet_service.
constexpr std::uint32_t tuple_type(std::uint32_t address) {
  std::uint32_t type = 0;
  for (const std::uint32_t field : {address, address, 12U, 13U, 13U}) type = type << 6U | field;
  return type;
}

/// What differs between the two tables.
struct Family {
  std::uint8_t number = 0;
  bool ipv6 = false;
  std::uint8_t icmp = 0;             // its protocol number
  std::uint8_t icmp_prohibited = 0;  // its code of "administratively prohibited"
  std::uint32_t addresses_at = 0;    // in the network header
  unsigned address_words = 0;
  NftSet refused = {};
  std::uint32_t source_at = 0;  // in the network header
  NftSet quarantined = {};
  NftSet confined = {};
};
inline constexpr std::array kFamilies{Family{NFPROTO_IPV4,
                                             false,
                                             IPPROTO_ICMP,
                                             13,
                                             12,
                                             1,
                                             {"refused", tuple_type(7), 20, kMaxRefused, kRefusedFor},
                                             12,
                                             {kQuarantined, 7, 4, kMaxRefused, kRefusedFor},
                                             {kConfined, 7, 4, kMaxRefused, kRefusedFor}},
                                      Family{NFPROTO_IPV6,
                                             true,
                                             IPPROTO_ICMPV6,
                                             1,
                                             8,
                                             4,
                                             {"refused", tuple_type(8), 44, kMaxRefused, kRefusedFor},
                                             8,
                                             {kQuarantined, 8, 16, kMaxRefused, kRefusedFor},
                                             {kConfined, 8, 16, kMaxRefused, kRefusedFor}}};

inline NftRule ct_mark_is(std::uint32_t mark) {
  return NftRule().load_ct(NFT_CT_MARK).keep_bits(kMarkMask).equals(mark);
}
inline NftRule meta_mark_is(std::uint32_t mark) {
  return NftRule().load_meta(NFT_META_MARK).keep_bits(kMarkMask).equals(mark);
}
inline NftRule set_ct_mark(std::uint32_t mark) {
  return NftRule().load_ct(NFT_CT_MARK).keep_bits(~kMarkMask, mark).store_ct(NFT_CT_MARK);
}
inline NftRule l4proto_is(std::uint8_t protocol) {
  return NftRule().load_meta(NFT_META_L4PROTO).equals(protocol);
}

/// Adds the chains that refuse packets of flows and sources refused before, and those that turn the marks of
/// verdicts into marks of connections.
void add_refusals(NftBatch& batch, const Family& family);

}  // namespace bansoko::capture
