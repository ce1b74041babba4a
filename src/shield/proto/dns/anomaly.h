// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace bansoko::proto::dns {

/// Indexes into kAnomalies.
enum Anomaly : std::uint8_t {
  malformed_data,
  not_request,
  not_response,
  z_flag_set,
  invalid_opcode,
  name_too_long,
  infinite_loop,
  too_many_labels,
  invalid_additionals,
  invalid_authorities,
  truncated,
  label_type,
  record_limit,
  unmatched_response,
  transaction_limit,
  memory_limit,
  gap,
};

inline constexpr std::array<std::string_view, gap + 1> kAnomalies{
    "dns.malformed_data",       // a question or an answer is not what the header promises
    "dns.not_request",          // who asks sent an answer
    "dns.not_response",         // who answers sent a question
    "dns.z_flag_set",           // the reserved bit of the header
    "dns.invalid_opcode",       // 7 and above mean nothing
    "dns.name_too_long",        // more than 1025 bytes as text: its end is not looked into
    "dns.infinite_loop",        // a compression pointer to itself
    "dns.too_many_labels",      // labels and pointers of one name: more than 255
    "dns.invalid_additionals",  // as malformed_data, in the additional section
    "dns.invalid_authorities",  // as malformed_data, in the authority section
    "dns.truncated",            // the message ends within a name or record
    "dns.label_type",           // a label that is neither text nor a pointer
    "dns.record_limit",         // the rest of the records is not looked into
    "dns.unmatched_response",   // no open request has its id
    "dns.transaction_limit",    // the oldest open request was forgotten
    "dns.memory_limit",         // the rest of a message over TCP is not looked into
    "dns.gap",                  // bytes of the stream were lost
};

/// A bit per anomaly.
using AnomalyBits = std::uint32_t;
constexpr AnomalyBits bit(Anomaly anomaly) noexcept { return AnomalyBits{1} << anomaly; }

}  // namespace bansoko::proto::dns
