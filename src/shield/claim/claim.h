// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <string_view>

#include "base/bytes.h"
#include "shield/packet/address.h"

namespace bansoko::claim {

/// One thing that a host says of itself. Nobody has to say the truth there.
struct Claim {
  static constexpr std::size_t kMostText = 200;

  std::chrono::nanoseconds time{};
  std::uint64_t flow_id = 0;
  packet::Address host = {};
  packet::Address peer = {};  // who it said so to
  std::uint16_t port = 0;     // that it answers on; 0: it said so as a client
  std::uint16_t peer_port = 0;
  std::uint8_t transport = 0;  // packet::Protocol
  std::uint8_t topic = 0;      // an index into topic_names()
  std::uint8_t size = 0;
  std::array<char, kMostText> text{};  // without controls

  std::string_view said() const noexcept { return {text.data(), size}; }
};

/// Keeps what fits of a text; controls become blanks, and blanks at either end are left out.
void write(std::string_view said, Claim& claim) noexcept;

/// Hears of each claim that is new. Called on the packet path.
class ClaimSink {
 public:
  virtual ~ClaimSink() = default;
  /// False: there was no room for it.
  virtual bool on_claim(const Claim& claim) noexcept = 0;
};

}  // namespace bansoko::claim
