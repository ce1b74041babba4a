// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>

#include "base/bytes.h"

namespace bansoko::detect {

/// Decodes base64 (RFC 4648) up to the first byte that is not in its alphabet, or until `room` is full; an
/// incomplete group at the end gives the bytes that it holds. Returns how many bytes it wrote.
std::size_t decode_base64(Bytes text, std::span<std::uint8_t> room) noexcept;

}  // namespace bansoko::detect
