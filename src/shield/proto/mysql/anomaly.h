// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "shield/proto/message_parser.h"

namespace bansoko::proto::mysql {

enum Anomaly : std::uint8_t {
  malformed_greeting = MessageParser::first_own,
  malformed_login,
  auth_length_outside,
  malformed_command,
  compressed,
  anomaly_count
};

/// A set of them.
using Anomalies = std::uint32_t;
constexpr Anomalies bit(unsigned anomaly) noexcept { return 1U << anomaly; }

inline constexpr std::array<std::string_view, anomaly_count> kAnomalies{
    "mysql.gap",                  // bytes of the stream were lost
    "mysql.message_limit",        // a message longer than message_size: its end is not looked into
    "mysql.memory_limit",         // a message is looked into as far as there was memory
    "mysql.malformed_header",     // a message goes on with a packet that is not the next: no longer parsed
    "mysql.malformed_greeting",   // a greeting that ends too early, or of an unknown protocol
    "mysql.malformed_login",      // a login or change of user that ends within its fields
    "mysql.auth_length_outside",  // it states more bytes of authentication than it has
    "mysql.malformed_command",    // a message without a command, or query attributes that do not fit
    "mysql.compressed",           // both sides have agreed to compress: no longer parsed
};

}  // namespace bansoko::proto::mysql
