// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "shield/proto/protocol.h"

namespace bansoko::proto::redis {

/// In the order of Limits::from().
inline constexpr std::array kLimits{
    Limit{"command_size", "bytes looked into of one command's arguments; the rest is left out", 256 << 10,
          256, 16 << 20, true},
    Limit{"arguments", "arguments looked into of one command, and texts of one reply", 256, 4, 4096},
    Limit{"reply_size", "bytes looked into of one reply's texts; the rest is left out", 16 << 10, 64,
          16 << 20, true},
    Limit{"reply_depth", "how deep a reply's arrays may be nested; beyond it replies are no longer parsed",
          16, 1, 64},
    Limit{"bulk_size", "the longest argument that the server takes (proto-max-bulk-len)", 512 << 20, 1 << 10,
          1ULL << 40, true},
    Limit{"memory",
          "for commands and replies of all connections, per worker, beyond a fixed part of each; when it is "
          "used up, no more of them is kept",
          32 << 20, 1 << 16, 1ULL << 40, true},
};

struct Limits {
  std::size_t command = 0, arguments = 0, reply = 0, depth = 0;
  std::uint64_t bulk = 0;
  std::size_t memory = 0;

  /// Where `values` is short, the defaults.
  static Limits from(std::span<const std::uint64_t> values) noexcept {
    const auto at = [values](std::size_t i) {
      return static_cast<std::size_t>(i < values.size() ? values[i] : kLimits[i].value);
    };
    return {at(0), at(1), at(2), at(3), at(4), at(5)};
  }
};

/// What can be wrong: indexes into kAnomalies.
enum class Anomaly : std::uint8_t {
  protocol_error,
  bulk_limit,
  command_limit,
  argument_limit,
  reply_limit,
  reply_depth,
  unknown_reply,
  memory_limit,
  gap,
};

inline constexpr std::array<std::string_view, 9> kAnomalies{
    "redis.protocol_error",  // the server refuses such a command and closes: no longer parsed
    "redis.bulk_limit",      // likewise, an argument longer than bulk_size
    "redis.command_limit",   // more than command_size
    "redis.argument_limit",  // more than `arguments`
    "redis.reply_limit",     // more than reply_size, or texts than `arguments`
    "redis.reply_depth",     // deeper than reply_depth: the server's side is no longer parsed
    "redis.unknown_reply",   // no reply: the server's side is no longer parsed
    "redis.memory_limit",   "redis.gap",
};

}  // namespace bansoko::proto::redis
