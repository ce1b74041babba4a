// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace bansoko::detect {

/// `tag`: which packets behind a match its evidence is to keep.
struct Tag {
  enum class Of : std::uint8_t { flow, source, dest } of = Of::flow;  // of an address: in other flows too
  enum class Unit : std::uint8_t { packets, bytes, seconds } unit = Unit::packets;
  std::uint32_t count = 256;
};

}  // namespace bansoko::detect
