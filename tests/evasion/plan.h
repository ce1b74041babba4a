// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "shield/packet/packet.h"
#include "tests/traffic/frames.h"

namespace bansoko::evasion {

using traffic::Octets;

/// One TCP segment of the client, as it is put on the wire.
struct Segment {
  std::int64_t at = 0;  // of its first byte, in the client's stream
  std::string bytes = {};
  std::uint8_t flags = packet::TcpFlag::ack | packet::TcpFlag::psh;
  std::uint8_t ttl = 64;
  bool bad_checksum = false;
  bool decoy = false;                                       // what the receiver must not believe
  std::int32_t timestamp_shift = 0;                         // in ticks, if the connection has timestamps
  std::int64_t acknowledgement_shift = 0;                   // from what is right
  std::uint16_t urgent = 0;                                 // the urgent pointer
  std::optional<std::uint8_t> header_words = std::nullopt;  // instead of the true length of the header
  Octets options = {};                                      // beside the timestamp
  std::chrono::milliseconds pause{};                        // before it is sent

  std::int64_t end() const noexcept { return at + static_cast<std::int64_t>(bytes.size()); }
};

/// What the client of one connection sends, in this order.
struct Plan {
  std::string stream;  // what its application wants to say
  std::vector<Segment> segments = {};
  std::uint32_t first_sequence = 1000;  // of the SYN
  bool timestamps = false;
  bool ipv6 = false;
  std::string syn_data = {};
};

}  // namespace bansoko::evasion
