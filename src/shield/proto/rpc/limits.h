// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "shield/proto/protocol.h"

namespace bansoko::proto::rpc {

/// In the order of Limits::from().
inline constexpr std::array kLimits{
    Limit{"message_size",
          "bytes looked into of one message over TCP; the rest, such as the data of a file, is "
          "left out",
          16 << 10, 1024, 16 << 20, true},
    Limit{"open_calls", "unanswered calls of one flow that are remembered; the oldest is forgotten", 64, 1,
          4096},
    Limit{"names", "names of files looked into of one call", 64, 2, 4096},
    Limit{"operations", "operations looked into of one NFSv4 compound", 128, 1, 4096},
    Limit{
        "memory",
        "for messages over TCP of all connections, per worker, beyond a fixed part of each; when it is used "
        "up, what came of a message is looked into",
        16 << 20, 1 << 16, 1ULL << 40, true},
};

struct Limits {
  std::size_t message = 0, open_calls = 0, names = 0, operations = 0, memory = 0;

  /// Where `values` is short, the defaults.
  static Limits from(std::span<const std::uint64_t> values) noexcept {
    const auto at = [values](std::size_t i) {
      return static_cast<std::size_t>(i < values.size() ? values[i] : kLimits[i].value);
    };
    return {at(0), at(1), at(2), at(3), at(4)};
  }
};

/// What can be wrong: indexes into kAnomalies.
enum class Anomaly : std::uint8_t {
  malformed_data,
  authentication_too_long,
  machine_name_too_long,
  unmatched_reply,
  call_limit,
  name_limit,
  operation_limit,
  message_limit,
  memory_limit,
  gap,
};

inline constexpr std::array<std::string_view, 10> kAnomalies{
    "rpc.malformed_data",           // no message, or one that ends within what its kind needs
    "rpc.authentication_too_long",  // credentials or a verifier of more than 400 bytes (RFC 5531 section 8.2)
    "rpc.machine_name_too_long",    // of more than 255 bytes (appendix A)
    "rpc.unmatched_reply",          // no open call has its number
    "rpc.call_limit",
    "rpc.name_limit",
    "rpc.operation_limit",
    "rpc.message_limit",
    "rpc.memory_limit",
    "rpc.gap",
};

using AnomalyBits = std::uint32_t;
constexpr AnomalyBits bit(Anomaly anomaly) noexcept { return 1U << static_cast<unsigned>(anomaly); }

}  // namespace bansoko::proto::rpc
