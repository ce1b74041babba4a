// SPDX-License-Identifier: Apache-2.0
#include "shield/detect/keyword.h"
#include "shield/keyword/packet_event.h"

namespace bansoko::keyword::decode_event {
namespace {

using packet::Anomaly;
using packet::Packet;

bool is_v4(const Packet& packet) noexcept { return packet.ip_version == 4; }
bool is_v6(const Packet& packet) noexcept { return packet.ip_version == 6; }

/// The bytes that IPv4 says it has, and those of its header.
bool ends_in_header(const Packet& packet) noexcept {
  ByteReader reader(packet.ip);
  const std::size_t header = std::size_t{4} * (reader.u8() & 0x0fU);
  reader.skip(1);
  return reader.u16() < header && reader.ok();
}
bool is_cut(const Packet& packet) noexcept { return is_v4(packet) && !ends_in_header(packet); }

bool is_uneven(const Packet& packet) noexcept {
  return is_v6(packet) && packet.more_fragments && packet.payload.size() % 8 != 0;
}

/// For Suricata two bytes of the next header belong to the chain.
bool lacks_next_header(const Packet& packet) noexcept {
  return is_v6(packet) &&
         (packet.anomalies.has(Anomaly::ipv6_extension_truncated) || packet.payload.size() < 2);
}

bool lacks_tcp_header(const Packet& packet) noexcept { return packet.payload.size() < 20; }
bool lacks_tcp_options(const Packet& packet) noexcept { return !lacks_tcp_header(packet); }

std::uint16_t gre_flags(const Packet& packet) noexcept { return ByteReader(packet.payload).u16(); }
unsigned gre_version(const Packet& packet) noexcept { return gre_flags(packet) & 0x0007U; }
bool lacks_gre_header(const Packet& packet) noexcept {
  return packet.payload.size() < 4 || gre_version(packet) == 0;
}
bool is_unknown_gre(const Packet& packet) noexcept { return gre_version(packet) > 1; }
bool lacks_gre_key(const Packet& packet) noexcept {
  return gre_version(packet) == 1 && (gre_flags(packet) & 0x2000U) == 0;
}

bool carries_v4(const Packet& packet) noexcept { return is_v6(packet) && packet.protocol == packet::ipv4; }
bool carries_v6(const Packet& packet) noexcept { return is_v6(packet) && packet.protocol == packet::ipv6; }

constexpr auto kEvents = std::to_array<PacketEvent>({
    {"ipv4.pkt_too_small",
     {Anomaly::ipv4_header_truncated},
     [](const Packet& at) noexcept { return !is_v4(at); }},
    {"ipv4.hlen_too_small", {Anomaly::ipv4_header_length}},
    {"ipv4.iplen_smaller_than_hlen", {Anomaly::ipv4_total_length}, ends_in_header},
    {"ipv4.trunc_pkt", {Anomaly::ipv4_total_length, Anomaly::ipv4_header_truncated}, is_cut},
    {"ipv4.opt_invalid_len", {Anomaly::ipv4_options_malformed}},
    {"ipv4.icmpv6", {Anomaly::icmp_other_version}, is_v4},
    {"ipv4.frag_pkt_too_large", {Anomaly::fragment_beyond_datagram}, is_v4},
    {"ipv4.frag_overlap", {Anomaly::fragment_overlap}, is_v4},
    {"ipv4.frag_ignored", {Anomaly::fragment_limit}, is_v4},
    {"ipv6.pkt_too_small", {Anomaly::ipv6_header_truncated}},
    {"ipv6.trunc_pkt", {Anomaly::ipv6_payload_length}},
    {"ipv6.trunc_exthdr",
     {Anomaly::ipv6_extension_truncated, Anomaly::tcp_header_truncated, Anomaly::udp_header_truncated,
      Anomaly::icmpv6_header_truncated, Anomaly::sctp_header_truncated},
     lacks_next_header},
    {"ipv6.exthdr_invalid_optlen", {Anomaly::ipv6_options_malformed}},
    {"ipv6.exthdr_useless_fh", {Anomaly::ipv6_fragment_needless}},
    {"ipv6.exthdr_dupl_fh", {Anomaly::ipv6_fragment_repeated}},
    {"ipv6.exthdr_dupl_rh", {Anomaly::ipv6_routing_repeated}},
    {"ipv6.exthdr_dupl_hh", {Anomaly::ipv6_hop_by_hop_repeated}},
    {"ipv6.exthdr_dupl_dh", {Anomaly::ipv6_destination_repeated}},
    {"ipv6.exthdr_dupl_ah", {Anomaly::ipv6_authentication_repeated}},
    {"ipv6.hopopts_unknown_opt", {Anomaly::ipv6_hop_by_hop_option_unknown}},
    {"ipv6.dstopts_unknown_opt", {Anomaly::ipv6_destination_option_unknown}},
    {"ipv6.rh_type_0", {Anomaly::ipv6_routing_type_0}},
    {"ipv6.fh_non_zero_reserved_field", {Anomaly::ipv6_fragment_reserved}},
    {"ipv6.data_after_none_header", {Anomaly::ipv6_data_after_end}},
    {"ipv6.icmpv4", {Anomaly::icmp_other_version}, is_v6},
    {"ipv6.frag_pkt_too_large", {Anomaly::fragment_beyond_datagram}, is_v6},
    {"ipv6.frag_overlap", {Anomaly::fragment_overlap}, is_v6},
    {"ipv6.frag_invalid_length", {Anomaly::fragment_length_mismatch, Anomaly::fragment_too_small}, is_uneven},
    {"ipv6.frag_ignored", {Anomaly::fragment_limit}, is_v6},
    {"ipv6.ipv4_in_ipv6_wrong_version", {Anomaly::ip_inner_version}, carries_v4},
    {"ipv6.ipv6_in_ipv6_wrong_version", {Anomaly::ip_inner_version}, carries_v6},
    {"tcp.pkt_too_small", {Anomaly::tcp_header_truncated}, lacks_tcp_header},
    {"tcp.hlen_too_small", {Anomaly::tcp_header_length}},
    {"tcp.invalid_optlen", {Anomaly::tcp_header_truncated}, lacks_tcp_options},
    {"tcp.opt_invalid_len", {Anomaly::tcp_options_malformed}},
    {"udp.hlen_too_small", {Anomaly::udp_header_truncated}},
    {"udp.pkt_too_small", {Anomaly::udp_length}},
    {"udp.len_invalid", {Anomaly::udp_length_under_header}},
    {"icmpv4.pkt_too_small", {Anomaly::icmp_header_truncated}},
    {"icmpv6.pkt_too_small", {Anomaly::icmpv6_header_truncated}},
    {"sctp.pkt_too_small", {Anomaly::sctp_header_truncated}},
    {"gre.pkt_too_small", {Anomaly::gre_malformed}, lacks_gre_header},
    {"gre.wrong_version", {Anomaly::gre_malformed}, is_unknown_gre},
    {"gre.version1_no_key", {Anomaly::gre_malformed}, lacks_gre_key},
});

bool holds(const detect::EvalContext& at, const detect::CheckNumbers& numbers) noexcept {
  return was_raised(at.packet, kEvents, numbers);
}

Result<> compile(const rule::Option& option, detect::RuleBuilder& rule) {
  return add_event(option.value, "", kEvents, holds, rule);
}

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{
      .name = "decode-event",
      .help = "something is wrong with the packet's headers",
      .valid = "ipv6.frag_overlap and its like, or an anomaly's own name",
      .compile = compile};
  return keyword;
}

}  // namespace bansoko::keyword::decode_event
