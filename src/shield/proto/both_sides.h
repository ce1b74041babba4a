// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>

#include "shield/proto/protocol.h"

namespace bansoko::proto {

/// Buffers or fields of messages that either side may send: who asks may be who was connected to, since of a
/// connection met in its middle the server may be seen first.
template <class Row, std::size_t kSize>
constexpr std::array<Row, 2 * kSize> for_both_sides(const std::array<Row, kSize>& rows) noexcept {
  std::array<Row, 2 * kSize> both{};
  for (std::size_t i = 0; i < kSize; ++i) {
    both[2 * i] = both[2 * i + 1] = rows[i];
    both[2 * i].side = Side::client;
    both[2 * i + 1].side = Side::server;
  }
  return both;
}

}  // namespace bansoko::proto
