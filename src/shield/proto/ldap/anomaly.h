// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace bansoko::proto::ldap {

/// Indexes into kAnomalies.
enum Anomaly : std::uint8_t {
  unknown_header,
  malformed_data,
  message_limit,
  memory_limit,
  value_limit,
  filter_limit,
  filter_depth,
  request_limit,
  unmatched_response,
  starttls,
  sasl_layer,
  gap,
  anomaly_count
};

inline constexpr std::array<std::string_view, anomaly_count> kAnomalies{
    "ldap.unknown_header",      // what begins no message: over TCP no longer parsed
    "ldap.malformed_data",      // a message that is not as RFC 4511 has it: what came before is looked into
    "ldap.message_limit",       // longer than message_size: the rest is not looked into
    "ldap.memory_limit",        // the rest of a message is not looked into
    "ldap.value_limit",         // more attribute types, values or URIs than are looked at
    "ldap.filter_limit",        // a filter whose text is longer than looked at
    "ldap.filter_depth",        // a filter whose parts are deeper in each other than looked at
    "ldap.request_limit",       // more open requests than remembered: the oldest is forgotten
    "ldap.unmatched_response",  // no open request has its message id
    "ldap.starttls",            // StartTLS was granted: what follows is TLS
    "ldap.sasl_layer",          // what follows a bind by SASL is signed or encrypted: no longer parsed
    "ldap.gap",                 // bytes of the stream were lost: it goes on at the next message
};

using AnomalyBits = std::uint32_t;
constexpr AnomalyBits bit(Anomaly anomaly) noexcept { return 1U << anomaly; }

}  // namespace bansoko::proto::ldap
