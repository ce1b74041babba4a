// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "shield/capture/firewall.h"
#include "shield/capture/nft_message.h"

namespace bansoko::capture {

/// How a rule hands a packet to a queue or a log group: nf_tables' own expression, or the iptables target
/// through the compatibility layer, for kernels built without CONFIG_NFT_QUEUE or CONFIG_NFT_LOG.
enum class LeadBy : std::uint8_t { expression, target };

inline constexpr std::string_view kTable = "bansoko";
/// Counts what `earlier` refuses: packets that no engine was asked about.
inline constexpr std::string_view kRefusedCounter = "refused_packets";

/// The set of addresses of which nothing passes, in each table but in mode observe.
inline constexpr std::string_view kQuarantined = "quarantined";
inline constexpr std::string_view kConfined = "confined";                       // of which nothing new passes
inline constexpr std::string_view kQuarantinedCounter = "quarantined_packets";  // of them

/// Our tables `ip bansoko` and `ip6 bansoko`, replacing those that are there, as one transaction. In each:
///
///   earlier (priority -5)  refuses what belongs to a flow that was blocked before
///   queue   (priority 0)   leads packets to the workers, except those of released flows
///   later   (priority +5)  turns the mark of a verdict into the mark of the connection, then drops or
///   rejects
///
/// In mode observe nothing refuses; where copies are taken there is no verdict either, so only the chains
/// `queue` are there.
///
/// `seed` makes the split over the queues one that a peer cannot foresee.
///
/// Two tables and not one of family inet: the physdev match, which a bridge needs, exists only per family.
NftBatch ruleset(const FirewallSettings& settings, LeadBy by, std::uint32_t seed);

/// Takes our tables away; not being there is no error.
NftBatch no_ruleset();

}  // namespace bansoko::capture
