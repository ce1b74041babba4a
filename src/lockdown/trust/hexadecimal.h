// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace bansoko::trust {

/// Writes the bytes that the digits stand for; how many. 0: they are no digits, or do not fit.
std::size_t from_hexadecimal(std::string_view digits, std::span<std::uint8_t> out) noexcept;

}  // namespace bansoko::trust
