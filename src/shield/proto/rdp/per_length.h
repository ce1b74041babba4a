// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/bytes.h"

namespace bansoko::proto::rdp {

/// A length as aligned PER has it (X.691 section 10.9), of 14 bits at most: what is longer would come in
/// parts, which nothing in RDP does.
inline std::size_t per_length(ByteReader& in) noexcept {
  const std::uint8_t first = in.u8();
  return first < 0x80 ? first : (first & 0x3fU) << 8U | in.u8();
}

}  // namespace bansoko::proto::rdp
