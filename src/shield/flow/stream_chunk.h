// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/bytes.h"

namespace bansoko::flow {

/// Who sent something. The client is who opened the flow.
enum class Side : std::uint8_t { client, server };

constexpr Side other(Side side) noexcept { return side == Side::client ? Side::server : Side::client; }
constexpr std::size_t index(Side side) noexcept { return static_cast<std::size_t>(side); }

/// The next in-order bytes one side sent, or one whole datagram. `window` is one contiguous run:
/// first `history` bytes that were delivered before, then what is new.
struct StreamChunk {
  Side from = Side::client;
  bool last = false;         // the side has closed, or the depth is reached: nothing follows
  std::uint32_t gap = 0;     // bytes lost just before the new ones; history is then empty
  std::uint64_t offset = 0;  // of the first new byte in the side's stream; 0 for a datagram
  std::size_t history = 0;
  Bytes window = {};

  Bytes bytes() const noexcept { return window.subspan(history); }
};

}  // namespace bansoko::flow
