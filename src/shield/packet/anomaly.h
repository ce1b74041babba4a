// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
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
  ip_version_unknown,
  fragment_overlap,
  fragment_beyond_datagram,
  fragment_too_small,
  fragment_limit,
  fragment_timeout,
  fragment_length_mismatch,
  tcp_header_truncated,
  tcp_header_length,
  tcp_options_malformed,
  tcp_checksum,
  tcp_flags_invalid,
  udp_header_truncated,
  udp_length,
  udp_checksum,
  icmp_header_truncated,
  icmp_checksum,
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
  flow_limit,
  count_,
};

inline constexpr std::size_t kAnomalyCount = static_cast<std::size_t>(Anomaly::count_);

/// "ipv4.header_truncated" and so on: the word that events, counters and settings use.
std::string_view name_of(Anomaly anomaly) noexcept;

/// The anomalies of one packet.
class AnomalySet {
 public:
  void add(Anomaly anomaly) noexcept { bits_ |= std::uint64_t{1} << static_cast<unsigned>(anomaly); }
  bool has(Anomaly anomaly) const noexcept { return (bits_ >> static_cast<unsigned>(anomaly) & 1) != 0; }
  bool empty() const noexcept { return bits_ == 0; }
  void merge(const AnomalySet& other) noexcept { bits_ |= other.bits_; }
  std::uint64_t bits() const noexcept { return bits_; }

 private:
  std::uint64_t bits_ = 0;
};
static_assert(kAnomalyCount <= 64);

/// How often each anomaly was seen by one worker.
using AnomalyCounters = std::array<Counter, kAnomalyCount>;

}  // namespace bansoko::packet
