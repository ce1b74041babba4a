// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string_view>

#include "base/counter.h"

namespace bansoko::packet {

/// Everything that can be wrong with a packet or with its place in a stream. Names for
/// operators stand in anomaly.cpp, in the same order.
enum class Anomaly : std::uint8_t {
  frame_truncated,  // shorter than the capture says the wire carried
  link_truncated,
  vlan_too_deep,
  ipv4_header_truncated,
  ipv4_header_length,
  ipv4_total_length,
  ipv4_options_malformed,
  ipv4_checksum,
  ipv6_header_truncated,
  ipv6_payload_length,
  ipv6_extension_truncated,
  ipv6_extension_chain_too_long,
  ipv6_extension_order,
  ipv6_options_malformed,
  ipv6_hop_by_hop_option_unknown,
  ipv6_destination_option_unknown,
  ipv6_hop_by_hop_repeated,
  ipv6_destination_repeated,
  ipv6_routing_repeated,
  ipv6_authentication_repeated,
  ipv6_fragment_repeated,
  ipv6_fragment_needless,
  ipv6_fragment_reserved,
  ipv6_routing_type_0,
  ipv6_data_after_end,
  ip_version_unknown,
  ip_inner_version,
  fragment_overlap,
  fragment_beyond_datagram,
  fragment_too_small,
  fragment_limit,
  fragment_timeout,
  fragment_length_mismatch,
  fragment_header_chain,
  ip_ttl_too_low,
  tcp_header_truncated,
  tcp_header_length,
  tcp_options_malformed,
  tcp_checksum,
  tcp_flags_invalid,
  udp_header_truncated,
  udp_length,
  udp_length_under_header,
  udp_checksum,
  icmp_header_truncated,
  icmp_checksum,
  icmp_other_version,
  icmpv6_header_truncated,
  icmpv6_checksum,
  stream_conflicting_retransmission,
  stream_retransmission_unverified,
  stream_outside_window,
  stream_gap,
  stream_segment_limit,
  stream_memory_limit,
  stream_no_session,
  stream_reset_outside_window,
  stream_data_on_syn,
  stream_data_after_close,
  stream_old_timestamp,
  stream_old_acknowledgement,
  stream_signature,
  stream_late_copy,
  stream_one_sided,
  stream_urgent,
  flow_limit,
  pppoe_length,
  mpls_too_deep,
  tunnel_too_deep,
  gre_malformed,
  gre_checksum,
  vxlan_malformed,
  geneve_malformed,
  erspan_malformed,
  teredo_malformed,
  sctp_header_truncated,
  count,
};

inline constexpr std::size_t kAnomalyCount = static_cast<std::size_t>(Anomaly::count);

/// "ipv4.header_truncated" and so on: the word that events, counters and settings use.
std::string_view name_of(Anomaly anomaly) noexcept;

/// The anomalies of one packet.
class AnomalySet {
 public:
  constexpr AnomalySet() noexcept = default;
  constexpr AnomalySet(std::initializer_list<Anomaly> anomalies) noexcept {
    for (const Anomaly anomaly : anomalies) add(anomaly);
  }

  constexpr void add(Anomaly anomaly) noexcept { words_[word(anomaly)] |= bit(anomaly); }
  bool has(Anomaly anomaly) const noexcept { return (words_[word(anomaly)] & bit(anomaly)) != 0; }
  bool empty() const noexcept { return (words_[0] | words_[1]) == 0; }
  void merge(const AnomalySet& other) noexcept {
    for (std::size_t i = 0; i < words_.size(); ++i) words_[i] |= other.words_[i];
  }

  bool has_any_of(const AnomalySet& other) const noexcept {
    return ((words_[0] & other.words_[0]) | (words_[1] & other.words_[1])) != 0;
  }
  AnomalySet without(const AnomalySet& other) const noexcept {
    AnomalySet rest;
    for (std::size_t i = 0; i < words_.size(); ++i) rest.words_[i] = words_[i] & ~other.words_[i];
    return rest;
  }

  /// Calls `each` with every anomaly of the set, in their order.
  template <class Each>
  void for_each(Each each) const {
    for (std::size_t i = 0; i < words_.size(); ++i)
      for (std::uint64_t left = words_[i]; left != 0; left &= left - 1)
        each(static_cast<Anomaly>(i * 64 + static_cast<std::size_t>(std::countr_zero(left))));
  }

  friend bool operator==(const AnomalySet&, const AnomalySet&) = default;

 private:
  static constexpr std::size_t word(Anomaly anomaly) noexcept {
    return static_cast<std::size_t>(anomaly) / 64;
  }
  static constexpr std::uint64_t bit(Anomaly anomaly) noexcept {
    return std::uint64_t{1} << (static_cast<unsigned>(anomaly) % 64);
  }

  std::array<std::uint64_t, 2> words_{};
};
static_assert(kAnomalyCount <= 128);

/// How often each anomaly was seen by one worker.
using AnomalyCounters = std::array<Counter, kAnomalyCount>;

}  // namespace bansoko::packet
