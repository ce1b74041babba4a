// SPDX-License-Identifier: Apache-2.0
#include <array>

#include <net/if.h>

#include <linux/netfilter/nf_conntrack_common.h>

#include "shield/capture/ruleset_parts.h"

namespace bansoko::capture {
namespace {

/// Loads the packet's five-tuple as a key of the set of refused ones; each field begins a word.
NftRule five_tuple(const Family& family) {
  const unsigned words = family.address_words;
  return NftRule()
      .load_payload(NFT_PAYLOAD_NETWORK_HEADER, family.addresses_at, 4 * words, 0)
      .load_payload(NFT_PAYLOAD_NETWORK_HEADER, family.addresses_at + 4 * words, 4 * words, words)
      .load_meta(NFT_META_L4PROTO, 2 * words)
      .load_payload(NFT_PAYLOAD_TRANSPORT_HEADER, 0, 2, 2 * words + 1)
      .load_payload(NFT_PAYLOAD_TRANSPORT_HEADER, 2, 2, 2 * words + 2);
}

/// What becomes of a packet of a rejected flow: both ends hear of it when they next speak.
/// On a bridge only if it has a route to them: the kernel's reset is a packet of its own.
void add_answer(NftBatch& batch, const Family& family) {
  batch.add_chain("answer");
  batch.add_rule("answer", l4proto_is(IPPROTO_TCP).reject_reset());
  batch.add_rule("answer", NftRule().reject_prohibited(family.icmp_prohibited));
}

/// Packets of flows refused before.
void add_refuse(NftBatch& batch, const Family& family) {
  constexpr std::uint32_t kFlagsAt = 13;
  constexpr std::uint8_t kReset = 0x04;
  constexpr std::uint32_t kRelated = 1U << (IP_CT_RELATED + 1);
  batch.add_chain("still_rejected");
  // Our own resets and unreachables carry the flow's mark too, and a reset from either end ends what we want
  // ended.
  batch.add_rule("still_rejected", l4proto_is(IPPROTO_TCP)
                                       .load_payload(NFT_PAYLOAD_TRANSPORT_HEADER, kFlagsAt, 1)
                                       .keep_bits(kReset)
                                       .differs(std::uint8_t{0})
                                       .accept());
  batch.add_rule(
      "still_rejected",
      l4proto_is(family.icmp).load_ct(NFT_CT_STATE).keep_bits(kRelated).differs(std::uint32_t{0}).accept());
  batch.add_rule("still_rejected", NftRule().count(kRefusedCounter).go_to("answer"));

  batch.add_chain("refuse");
  batch.add_rule("refuse", ct_mark_is(kMarkBlock).count(kRefusedCounter).drop());
  batch.add_rule("refuse", ct_mark_is(kMarkReject).go_to("still_rejected"));
  batch.add_rule("refuse", five_tuple(family)
                               .member_of(family.refused.name)
                               .update(family.refused.name)
                               .count(kRefusedCounter)
                               .drop());
}

/// New connections of infected hosts, but not those of a machine with itself.
void add_confine(NftBatch& batch, const Family& family) {
  constexpr std::uint32_t kNew = 1U << (IP_CT_NEW + 1);
  constexpr std::array<std::uint8_t, IFNAMSIZ> kLoopback{'l', 'o'};
  batch.add_chain("confine");
  batch.add_rule("confine", NftRule().load_meta(NFT_META_OIFNAME).equals(Bytes(kLoopback)).accept());
  batch.add_rule("confine", NftRule().count(kQuarantinedCounter).drop());
  batch.add_rule("quarantine",
                 NftRule()
                     .load_ct(NFT_CT_STATE)
                     .keep_bits(kNew)
                     .differs(std::uint32_t{0})
                     .load_payload(NFT_PAYLOAD_NETWORK_HEADER, family.source_at, 4 * family.address_words, 0)
                     .member_of(kConfined)
                     .go_to("confine"));
}

/// Packets of addresses that were shut out, but for router and neighbour discovery: without it the link
/// itself goes down.
void add_quarantine(NftBatch& batch, const Family& family) {
  batch.add_chain("quarantine");
  if (family.ipv6)
    batch.add_rule("quarantine", l4proto_is(IPPROTO_ICMPV6)
                                     .load_payload(NFT_PAYLOAD_TRANSPORT_HEADER, 0, 1)
                                     .within(kFirstDiscovery, kLastDiscovery)
                                     .accept());
  batch.add_rule("quarantine",
                 NftRule()
                     .load_payload(NFT_PAYLOAD_NETWORK_HEADER, family.source_at, 4 * family.address_words, 0)
                     .member_of(kQuarantined)
                     .count(kQuarantinedCounter)
                     .drop());
  add_confine(batch, family);
}

/// Turns the marks of verdicts into marks of connections. A packet that conntrack does not track breaks
/// off the rule that stores the mark, so what becomes of the packet is always a rule of its own.
void add_convict(NftBatch& batch, const Family& family) {
  batch.add_chain("remember");
  batch.add_rule("remember", five_tuple(family).update(family.refused.name));
  batch.add_chain("blocked");
  batch.add_rule("blocked", set_ct_mark(kMarkBlock));
  batch.add_rule("blocked", NftRule().jump("remember"));
  batch.add_rule("blocked", NftRule().drop());
  batch.add_chain("rejected");
  batch.add_rule("rejected", set_ct_mark(kMarkReject));
  batch.add_rule("rejected", NftRule().jump("remember"));
  batch.add_rule("rejected", NftRule().go_to("answer"));
}

}  // namespace

void add_refusals(NftBatch& batch, const Family& family) {
  batch.add_set(family.refused);
  batch.add_set(family.quarantined);
  batch.add_set(family.confined);
  batch.add_counter(kQuarantinedCounter);
  add_quarantine(batch, family);
  batch.add_counter(kRefusedCounter);
  add_answer(batch, family);
  add_refuse(batch, family);
  add_convict(batch, family);
}

}  // namespace bansoko::capture
