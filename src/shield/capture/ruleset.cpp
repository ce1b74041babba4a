// SPDX-License-Identifier: Apache-2.0
#include "shield/capture/ruleset.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <span>
#include <string>
#include <utility>

#include <netinet/in.h>

#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/xt_NFLOG.h>
#include <linux/netfilter/xt_NFQUEUE.h>
#include <linux/netfilter/xt_physdev.h>

#include "shield/capture/ruleset_parts.h"

namespace bansoko::capture {
namespace {

constexpr std::int32_t kEarlier = -5;
constexpr std::int32_t kQueue = 0;
constexpr std::int32_t kLater = 5;

struct Hook {
  std::string_view name;
  std::uint32_t number = 0;
  bool incoming = false;  // packets have an incoming interface that may be ours to watch
  bool outgoing = false;
};
constexpr std::array kHost{Hook{"input", NF_INET_LOCAL_IN, true, false},
                           Hook{"output", NF_INET_LOCAL_OUT, false, true}};
constexpr std::array kForward{Hook{"forward", NF_INET_FORWARD, true, true}};

std::span<const Hook> hooks_of(Place place) {
  if (place == Place::host) return kHost;
  return kForward;
}

/// Which directions of a connection are released: bits beside kMarkRelease in its mark. A connection may have
/// said all that is inspected in one direction and nothing in the other.
struct Direction {
  std::uint8_t number = 0;  // as conntrack counts: of the first packet, and of its answers
  std::uint32_t bit = 0;
};
constexpr std::array kDirections{Direction{0, 0x01000000}, Direction{1, 0x02000000}};
constexpr std::uint32_t kBothDirections = 0x03000000;
constexpr std::uint32_t kReleaseMask = kMarkMask & ~kBothDirections;

void add_released(NftBatch& batch) {
  batch.add_chain("released");
  batch.add_rule("released", NftRule()
                                 .load_ct(NFT_CT_MARK)
                                 .keep_bits(kReleaseMask)
                                 .differs(kMarkRelease)
                                 .load_ct(NFT_CT_MARK)
                                 .keep_bits(~kMarkMask, kMarkRelease)
                                 .store_ct(NFT_CT_MARK));
  for (const Direction& direction : kDirections)
    batch.add_rule("released", NftRule()
                                   .load_ct(NFT_CT_DIRECTION)
                                   .equals(direction.number)
                                   .load_ct(NFT_CT_MARK)
                                   .keep_bits(~direction.bit, direction.bit)
                                   .store_ct(NFT_CT_MARK));
  batch.add_rule("released",
                 NftRule().load_meta(NFT_META_MARK).keep_bits(~kMarkMask).store_meta(NFT_META_MARK));
}

/// An iptables target; x_tables wants structures in multiples of eight bytes.
template <class Info>
NftRule& by_target(NftRule& rule, std::string_view name, std::uint32_t revision, const Info& target) {
  std::array<std::uint8_t, (sizeof target + 7) / 8 * 8> padded{};
  std::memcpy(padded.data(), &target, sizeof target);
  return rule.xt_target(name, revision, padded);
}

/// `rule`, which must already match, with its packet led to queue `number`, or a copy of it to that log
/// group.
NftRule lead(NftRule rule, std::uint16_t number, const FirewallSettings& settings, LeadBy by) {
  if (settings.lead == Lead::log_group) {
    if (by == LeadBy::expression) return rule.log(number).accept();
    xt_nflog_info target{};
    target.group = number;
    return by_target(rule, "NFLOG", 0, target).accept();
  }
  const bool bypass = settings.observe || settings.on_crash == OnFailure::open;
  if (by == LeadBy::expression) return rule.queue(number, bypass);
  const std::uint16_t flags = bypass ? NFQ_FLAG_BYPASS : 0;
  return by_target(rule, "NFQUEUE", 3, xt_NFQ_info_v3{.queuenum = number, .queues_total = 1, .flags = flags});
}

/// The split over several queues, both directions of a flow to the same one.
///
/// IPv4 by the kernel's symmetric hash. Not so IPv6: there that hash stops at a flow label, so a sender who
/// sets one on some packets only would spread one flow over two queues. The tuple that conntrack saw first is
/// the same for both directions and out of the sender's reach; what it does not track falls to the symmetric
/// hash.
void add_split(NftBatch& batch, const Family& family, const FirewallSettings& settings, LeadBy by,
               std::uint32_t seed) {
  const auto add = [&](NftRule hash, std::uint32_t i) {
    const auto number = static_cast<std::uint16_t>(settings.first_queue + i);
    batch.add_rule("steer", lead(std::move(hash.equals(i)), number, settings, by));
  };
  const NftRule tuple_hash = NftRule()
                                 .load_ct_original(NFT_CT_SRC_IP6, 0)
                                 .load_ct_original(NFT_CT_DST_IP6, 4)
                                 .load_ct_original(NFT_CT_PROTO_SRC, 8)
                                 .load_ct_original(NFT_CT_PROTO_DST, 9)
                                 .hash_words(40, settings.queues, seed);
  if (family.ipv6)
    for (std::uint32_t i = 0; i < settings.queues; ++i) add(tuple_hash, i);
  for (std::uint32_t i = 0; i < settings.queues; ++i) add(NftRule().hash_symmetric(settings.queues), i);
}

/// Accepts TCP packets that carry no bytes and neither begin nor end anything: what the receiver of a
/// released direction says to its sender. Several times as many as there are large packets, they would
/// otherwise keep the engine as busy as before the release. Without IP options or extension headers, which
/// are rare.
void add_bare(NftBatch& batch, const Family& family) {
  constexpr std::uint32_t kDataOffsetAt = 12;
  // Of a TCP header in words: with time stamps, without options, with one to three blocks of SACK, and the
  // rest.
  constexpr std::array<std::uint8_t, 11> kHeaderWords{8, 5, 11, 13, 15, 6, 7, 9, 10, 12, 14};
  batch.add_chain("bare");
  for (const std::uint8_t words : kHeaderWords) {
    const auto length = static_cast<std::uint8_t>((family.ipv6 ? 0 : 20) + 4 * words);
    const std::array<std::uint8_t, 2> bytes{0, length};
    NftRule rule;
    if (family.ipv6) {
      rule.load_payload(NFT_PAYLOAD_NETWORK_HEADER, 6, 1).equals(std::uint8_t{IPPROTO_TCP});
      rule.load_payload(NFT_PAYLOAD_NETWORK_HEADER, 4, 2).equals(Bytes(bytes));
    } else {
      rule.load_payload(NFT_PAYLOAD_NETWORK_HEADER, 0, 1).equals(std::uint8_t{0x45});
      rule.load_payload(NFT_PAYLOAD_NETWORK_HEADER, 2, 2).equals(Bytes(bytes));
    }
    batch.add_rule("bare", rule.load_payload(NFT_PAYLOAD_TRANSPORT_HEADER, kDataOffsetAt, 1)
                               .keep_bits(std::uint8_t{0xf0})
                               .equals(static_cast<std::uint8_t>(words << 4U))
                               .accept());
  }
}

/// Lets released directions by, and the bare acknowledgements that answer them. Of a connection with a
/// released direction the engine still sees how it ends.
void add_pass_released(NftBatch& batch) {
  constexpr std::uint32_t kFlagsAt = 13;
  constexpr std::uint8_t kFinSynReset = 0x07;
  batch.add_rule("steer", ct_mark_is(kMarkRelease | kBothDirections).accept());
  for (const Direction& released : kDirections)
    for (const Direction& packets : kDirections) {
      NftRule rule;
      rule.load_ct(NFT_CT_MARK)
          .keep_bits(kReleaseMask | released.bit)
          .equals(kMarkRelease | released.bit)
          .load_ct(NFT_CT_DIRECTION)
          .equals(packets.number)
          .load_meta(NFT_META_L4PROTO)
          .equals(std::uint8_t{IPPROTO_TCP})
          .load_payload(NFT_PAYLOAD_TRANSPORT_HEADER, kFlagsAt, 1)
          .keep_bits(kFinSynReset)
          .equals(std::uint8_t{0});
      const bool same = released.number == packets.number;
      batch.add_rule("steer", same ? rule.accept() : rule.jump("bare"));
    }
}

void add_steer(NftBatch& batch, const Family& family, const FirewallSettings& settings, LeadBy by,
               std::uint32_t seed) {
  const bool copies = settings.lead == Lead::log_group;
  if (!copies) add_bare(batch, family);
  batch.add_chain("steer");
  if (!copies) add_pass_released(batch);
  // Router and neighbour discovery (133 to 137) never wait for an engine that may be dead: without them the
  // link itself goes down. Where a dead engine lets everything pass they can be inspected like the rest.
  if (family.ipv6 && !settings.observe && settings.on_crash == OnFailure::closed)
    batch.add_rule("steer", l4proto_is(IPPROTO_ICMPV6)
                                .load_payload(NFT_PAYLOAD_TRANSPORT_HEADER, 0, 1)
                                .within(kFirstDiscovery, kLastDiscovery)
                                .accept());
  if (settings.queues == 1) return batch.add_rule("steer", lead({}, settings.first_queue, settings, by));
  add_split(batch, family, settings, by, seed);
}

std::array<char, IFNAMSIZ> interface_field(std::string_view name) {
  std::array<char, IFNAMSIZ> field{};
  std::copy_n(name.begin(), std::min(name.size(), field.size() - 1), field.begin());
  return field;
}

NftRule interface_is(std::uint32_t key, std::string_view name) {
  const auto field = interface_field(name);
  return NftRule().load_meta(key).equals(as_bytes({field.data(), field.size()}));
}

/// Matches packets that cross a bridge; with a name, only those that come in or leave by that port.
NftRule bridged(std::string_view port, bool incoming) {
  xt_physdev_info match{};
  match.bitmask = XT_PHYSDEV_OP_BRIDGED;
  if (!port.empty()) {
    const auto field = interface_field(port);
    match.bitmask |= incoming ? XT_PHYSDEV_OP_IN : XT_PHYSDEV_OP_OUT;
    std::memcpy(incoming ? match.physindev : match.physoutdev, field.data(), field.size());
    std::memset(incoming ? match.in_mask : match.out_mask, 0xff, IFNAMSIZ);
  }
  std::array<std::uint8_t, 72> padded{};
  static_assert(sizeof match <= sizeof padded);
  std::memcpy(padded.data(), &match, sizeof match);
  return NftRule().xt_match("physdev", 0, padded);
}

/// Which packets of this hook are asked about.
void add_selection(NftBatch& batch, const Hook& hook, std::string_view chain,
                   const FirewallSettings& settings) {
  const bool bridge = settings.place == Place::bridge;
  if (settings.interfaces.empty()) {
    if (settings.place == Place::host)
      batch.add_rule(chain, interface_is(hook.incoming ? NFT_META_IIFNAME : NFT_META_OIFNAME, "lo").accept());
    return batch.add_rule(chain, (bridge ? bridged({}, true) : NftRule()).go_to("steer"));
  }
  for (const std::string& name : settings.interfaces) {
    if (hook.incoming)
      batch.add_rule(chain,
                     (bridge ? bridged(name, true) : interface_is(NFT_META_IIFNAME, name)).go_to("steer"));
    if (hook.outgoing)
      batch.add_rule(chain,
                     (bridge ? bridged(name, false) : interface_is(NFT_META_OIFNAME, name)).go_to("steer"));
  }
}

void add_hook(NftBatch& batch, const Hook& hook, const FirewallSettings& settings) {
  const auto named = [&](std::string_view stage) {
    return std::string(stage) + "_" + std::string(hook.name);
  };
  if (!settings.observe) {
    batch.add_base_chain(named("earlier"), hook.number, kEarlier);
    batch.add_rule(named("earlier"), NftRule().jump("quarantine"));
    batch.add_rule(named("earlier"), NftRule().go_to("refuse"));
  }
  batch.add_base_chain(named("queue"), hook.number, kQueue);
  // What a host itself says in a rejected flow has come through still_rejected: it is the reset or the
  // unreachable by which the peer is told, and the engine would drop it as part of the flow.
  if (!settings.observe && !hook.incoming) batch.add_rule(named("queue"), ct_mark_is(kMarkReject).accept());
  add_selection(batch, hook, named("queue"), settings);
  if (settings.lead == Lead::log_group) return;
  batch.add_base_chain(named("later"), hook.number, kLater);
  batch.add_rule(named("later"), meta_mark_is(kMarkRelease).go_to("released"));
  if (settings.observe) return;
  batch.add_rule(named("later"), meta_mark_is(kMarkBlock).go_to("blocked"));
  batch.add_rule(named("later"), meta_mark_is(kMarkReject).go_to("rejected"));
}

/// Added first, so that deleting it cannot fail.
void take_away(NftBatch& batch) {
  batch.add_table();
  batch.delete_table();
}

}  // namespace

NftBatch ruleset(const FirewallSettings& settings, LeadBy by, std::uint32_t seed) {
  NftBatch batch(kTable);
  for (const Family& family : kFamilies) {
    batch.use_family(family.number);
    take_away(batch);
    batch.add_table();
    if (!settings.observe) add_refusals(batch, family);
    if (settings.lead == Lead::queue) add_released(batch);
    add_steer(batch, family, settings, by, seed);
    for (const Hook& hook : hooks_of(settings.place)) add_hook(batch, hook, settings);
  }
  return batch;
}

NftBatch no_ruleset() {
  NftBatch batch(kTable);
  for (const Family& family : kFamilies) {
    batch.use_family(family.number);
    take_away(batch);
  }
  return batch;
}

}  // namespace bansoko::capture
