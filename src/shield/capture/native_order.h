// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstdint>

#include "base/bytes.h"

namespace bansoko::capture {

/// Netlink headers are in the order of this machine.
inline std::uint16_t native_u16(ByteReader& reader) noexcept {
  return std::endian::native == std::endian::little ? reader.u16le() : reader.u16();
}
inline std::uint32_t native_u32(ByteReader& reader) noexcept {
  return std::endian::native == std::endian::little ? reader.u32le() : reader.u32();
}

}  // namespace bansoko::capture
