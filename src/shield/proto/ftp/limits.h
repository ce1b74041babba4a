// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "shield/proto/protocol.h"

namespace bansoko::proto::ftp {

/// In the order of Limits::from().
inline constexpr std::array kLimits{
    Limit{"line_limit", "one line of commands or answers; the rest of the line is left out", 4096, 128,
          1 << 15, true},
    Limit{"reply_limit", "of the answers to one command; the rest is left out", 16 << 10, 128, 1 << 20, true},
    Limit{"open_commands", "commands of one connection awaiting an answer; the oldest is given up", 16, 1,
          1024},
    Limit{"memory",
          "for commands and answers of all connections, per worker, beyond a fixed part of each; when it is "
          "used "
          "up, no more of them is kept",
          16 << 20, 1 << 16, 1ULL << 40, true},
};

struct Limits {
  std::size_t line = 0, reply = 0, open = 0, memory = 0;

  /// Where `values` is short, the defaults.
  static Limits from(std::span<const std::uint64_t> values) noexcept {
    const auto at = [values](std::size_t i) {
      return static_cast<std::size_t>(i < values.size() ? values[i] : kLimits[i].value);
    };
    return {at(0), at(1), at(2), at(3)};
  }
};

/// What can be wrong: indexes into kAnomalies.
enum class Anomaly : std::uint8_t {
  command_too_long,
  reply_too_long,
  reply_limit,
  too_many_commands,
  reply_unmatched,
  port_invalid,
  memory_limit,
  gap,
};

/// Where Suricata has an event for the same, its name.
inline constexpr std::array<std::string_view, 8> kAnomalies{
    "ftp.request_command_too_long",
    "ftp.response_command_too_long",
    "ftp.reply_limit",
    "ftp.too_many_commands",
    "ftp.reply_unmatched",
    "ftp.port_invalid",
    "ftp.memory_limit",
    "ftp.gap",
};

}  // namespace bansoko::proto::ftp
