// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "shield/proto/protocol.h"

namespace bansoko::proto::telnet {

/// In the order of Limits::from().
inline constexpr std::array kLimits{
    Limit{"subnegotiation_size", "bytes looked into of one sub-negotiation; the rest is left out", 4096, 64,
          1 << 16, true},
    Limit{"variables", "environment variables looked into of one sub-negotiation", 64, 1, 4096},
    Limit{"data_size", "bytes looked into of what a side sends beside commands", 8 << 10, 64, 16 << 20, true},
    Limit{"memory",
          "for all connections, per worker, beyond a fixed part of each; when it is used up, no more is kept",
          32 << 20, 1 << 16, 1ULL << 40, true},
};

struct Limits {
  std::size_t subnegotiation = 0, variables = 0, data = 0, memory = 0;

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
  unknown_command,
  unterminated_subnegotiation,
  subnegotiation_limit,
  variable_limit,
  data_limit,
  memory_limit,
  gap,
};

inline constexpr std::array<std::string_view, 7> kAnomalies{
    "telnet.unknown_command",
    "telnet.unterminated_subnegotiation",  // another command where SE was due
    "telnet.subnegotiation_limit",
    "telnet.variable_limit",
    "telnet.data_limit",
    "telnet.memory_limit",
    "telnet.gap",
};

}  // namespace bansoko::proto::telnet
