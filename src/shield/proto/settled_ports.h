// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <initializer_list>

#include "shield/proto/protocol.h"

namespace bansoko::proto {

/// Whether the server's UDP port is that of another protocol than the one with these ports. A flow is of one
/// protocol, but its datagrams have nothing to do with each other: to a server that passes over strange ones
/// a sender could begin with one of another protocol, and hide all that follows.
inline bool is_port_of_another(const Approach& approach, std::initializer_list<std::uint16_t> own) noexcept {
  constexpr std::array<std::uint16_t, 16> kSettled{53,  67,  68,  69,   88,   111,  123,  161,
                                                   162, 389, 500, 1434, 2049, 4500, 5060, 5353};
  const std::uint16_t port = approach.server_port;
  return std::ranges::find(kSettled, port) != kSettled.end() && std::ranges::find(own, port) == own.end();
}

/// Likewise, what is no message may come before one on the protocol's own port.
inline Guess unless_own_port(Guess guess, const Approach& approach,
                             std::initializer_list<std::uint16_t> own) noexcept {
  const bool is_own = std::ranges::find(own, approach.server_port) != own.end();
  return guess == Guess::no && is_own ? Guess::maybe : guess;
}

}  // namespace bansoko::proto
