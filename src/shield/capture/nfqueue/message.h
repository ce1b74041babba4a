// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "base/bytes.h"

namespace bansoko::capture::nfqueue {

/// One packet that the kernel holds for us, as its message tells it.
struct QueuedPacket {
  std::uint32_t id = 0;
  std::uint32_t mark = 0;              // what others have set on it already
  std::uint32_t wire_size = 0;         // more than payload.size() when the kernel cut it
  std::chrono::nanoseconds arrived{};  // zero: the kernel did not say
  bool checksums_trusted = false;
  Bytes payload = {};
};

/// Reads an NFQNL_MSG_PACKET message; none when it is another message, cut short, or has no packet's number.
std::optional<QueuedPacket> parse_packet(Bytes message) noexcept;

}  // namespace bansoko::capture::nfqueue
