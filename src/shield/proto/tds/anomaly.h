// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "shield/proto/message_parser.h"

namespace bansoko::proto::tds {

enum Anomaly : std::uint8_t {
  malformed_prelogin = MessageParser::first_own,
  malformed_login,
  login_text_outside,
  login_text_too_long,
  malformed_rpc,
  call_limit,
  anomaly_count
};

/// A set of them.
using Anomalies = std::uint32_t;
constexpr Anomalies bit(unsigned anomaly) noexcept { return 1U << anomaly; }

inline constexpr std::array<std::string_view, anomaly_count> kAnomalies{
    "tds.gap",                  // bytes of the stream were lost
    "tds.message_limit",        // a message longer than message_size: its end is not looked into
    "tds.memory_limit",         // a message, or a text in it, is looked into as far as there was memory
    "tds.malformed_header",     // no packet of TDS: no longer parsed
    "tds.malformed_prelogin",   // a PRELOGIN whose options do not lie within it
    "tds.malformed_login",      // a LOGIN7 that is shorter than its fixed part, or than it states
    "tds.login_text_outside",   // a LOGIN7 with an offset and length that do not lie behind its fixed part
    "tds.login_text_too_long",  // a LOGIN7 with a text of more than the 128 characters there may be
    "tds.malformed_rpc",        // an RPC request that ends within a call
    "tds.call_limit",           // an RPC request of more than 8 calls: the others are not looked into
};

}  // namespace bansoko::proto::tds
