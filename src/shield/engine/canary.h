// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "shield/packet/frame.h"

namespace bansoko::engine {

/// The signature id of the canary rule; no other rule may have it.
inline constexpr std::uint32_t kCanarySid = 2'147'483'647;

/// The rule that every set holds besides the operator's: it drops the canary's request and nothing else. Its
/// addresses are reserved for documentation (RFC 5737), so no real peer has them.
std::string_view canary_rule() noexcept;

/// A TCP conversation made here, whose last frame is a request that canary_rule() drops.
class Canary {
 public:
  static constexpr std::size_t kFrames = 4;  // SYN, SYN/ACK, ACK, request

  /// `port` is the client's: a new one for each conversation.
  explicit Canary(std::uint16_t port) noexcept : port_(port) {}

  /// Frame `index` as the kernel would hand it over; valid until the next call.
  packet::Frame frame(std::size_t index, std::chrono::nanoseconds now) noexcept;

 private:
  static constexpr std::size_t kLargest = 128;

  std::uint16_t port_;
  std::array<std::uint8_t, kLargest> bytes_{};
};

}  // namespace bansoko::engine
