// SPDX-License-Identifier: Apache-2.0
#include "shield/packet/anomaly.h"

namespace bansoko::packet {
namespace {

constexpr auto kNames = std::to_array<std::string_view>({
    "frame.truncated",
    "link.truncated",
    "vlan.too_deep",
    "ipv4.header_truncated",
    "ipv4.header_length",
    "ipv4.total_length",
    "ipv4.options_malformed",
    "ipv4.checksum",
    "ipv6.header_truncated",
    "ipv6.payload_length",
    "ipv6.extension_truncated",
    "ipv6.extension_chain_too_long",
    "ipv6.extension_order",
    "ip.version_unknown",
    "fragment.overlap",
    "fragment.beyond_datagram",
    "fragment.too_small",
    "fragment.limit",
    "fragment.timeout",
    "fragment.length_mismatch",
    "fragment.header_chain",
    "ip.ttl_too_low",
    "tcp.header_truncated",
    "tcp.header_length",
    "tcp.options_malformed",
    "tcp.checksum",
    "tcp.flags_invalid",
    "udp.header_truncated",
    "udp.length",
    "udp.checksum",
    "icmp.header_truncated",
    "icmp.checksum",
    "icmpv6.header_truncated",
    "icmpv6.checksum",
    "stream.conflicting_retransmission",
    "stream.retransmission_unverified",
    "stream.outside_window",
    "stream.gap",
    "stream.segment_limit",
    "stream.memory_limit",
    "stream.no_session",
    "stream.reset_outside_window",
    "stream.data_on_syn",
    "stream.data_after_close",
    "stream.old_timestamp",
    "stream.old_acknowledgement",
    "stream.late_copy",
    "stream.one_sided",
    "stream.urgent",
    "flow.limit",
});
static_assert(kNames.size() == kAnomalyCount);

}  // namespace

std::string_view name_of(Anomaly anomaly) noexcept { return kNames[static_cast<std::size_t>(anomaly)]; }

}  // namespace bansoko::packet
