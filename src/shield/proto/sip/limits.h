// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "shield/proto/protocol.h"

namespace bansoko::proto::sip {

/// In the order of Limits::from().
inline constexpr std::array kLimits{
    Limit{"message_size", "bytes looked into of one message over TCP; the rest is left out", 64 << 10, 512,
          1 << 24, true},
    Limit{"headers", "headers looked into of one message", 128, 8, 4096},
    Limit{"sdp_lines", "lines looked into of one session description", 256, 8, 4096},
    Limit{
        "memory",
        "for messages over TCP of all connections, per worker, beyond a fixed part of each; when it is used "
        "up, what came of a message is looked into",
        16 << 20, 1 << 16, 1ULL << 40, true},
};

struct Limits {
  std::size_t message = 0, headers = 0, sdp_lines = 0, memory = 0;

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
  invalid_data,
  incomplete_data,
  invalid_header,
  invalid_content_length,
  header_limit,
  sdp_limit,
  message_limit,
  memory_limit,
  gap,
};

/// Those that have a like among the events of Suricata's rule language bear its name.
inline constexpr std::array<std::string_view, 9> kAnomalies{
    "sip.invalid_data",     // no request line and no status line. Over TCP the flow is no longer parsed
    "sip.incomplete_data",  // a datagram that ends within its headers, or before its body does
    "sip.invalid_header",   // a line without a colon, or without a name
    "sip.invalid_content_length",  // no number, or two that differ
    "sip.header_limit",           "sip.sdp_limit", "sip.message_limit", "sip.memory_limit", "sip.gap",
};

using AnomalyBits = std::uint32_t;
constexpr AnomalyBits bit(Anomaly anomaly) noexcept { return 1U << static_cast<unsigned>(anomaly); }

}  // namespace bansoko::proto::sip
