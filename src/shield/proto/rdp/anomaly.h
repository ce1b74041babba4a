// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace bansoko::proto::rdp {

/// Indexes into kAnomalies.
enum Anomaly : std::uint8_t {
  unknown_header,
  malformed_x224,
  malformed_negotiation,
  malformed_mcs,
  malformed_gcc,
  malformed_user_data,
  channel_count,
  channel_limit,
  memory_limit,
  encrypted,
  gap,
  anomaly_count
};

inline constexpr std::array<std::string_view, anomaly_count> kAnomalies{
    "rdp.unknown_header",         // neither TPKT nor fast-path: no longer parsed
    "rdp.malformed_x224",         // a TPDU that ends within its header, or whose length is another
    "rdp.malformed_negotiation",  // a request or response that is not of its size
    "rdp.malformed_mcs",          // an MCS PDU that is not as T.125 has it
    "rdp.malformed_gcc",          // a conference request or response that is not as T.124 has it
    "rdp.malformed_user_data",    // a block of settings that is longer than what holds it, or too short
    "rdp.channel_count",          // more channels stated than there are, or than 31
    "rdp.channel_limit",          // more channels than looked at
    "rdp.memory_limit",           // the rest of a PDU is not looked into
    "rdp.encrypted",              // TLS or CredSSP was agreed on, or has begun: what follows is TLS
    "rdp.gap",                    // bytes of the stream were lost: it goes on at the next PDU
};

using AnomalyBits = std::uint32_t;
constexpr AnomalyBits bit(Anomaly anomaly) noexcept { return 1U << anomaly; }

}  // namespace bansoko::proto::rdp
