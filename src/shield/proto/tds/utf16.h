// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include "base/bytes.h"
#include "shield/proto/memory_budget.h"

namespace bansoko::proto::tds {

/// Appends little-endian UTF-16 as UTF-8. Half a pair becomes U+FFFD; an odd byte at the end is left out.
/// False: there was no memory for all of it. `most`: what `to` will ever hold.
bool append_as_utf8(Bytes utf16, BudgetedBytes& to, std::size_t most) noexcept;

/// As many bytes as the UTF-8 of `utf16` bytes may take.
constexpr std::size_t most_utf8(std::size_t utf16) noexcept { return utf16 / 2 * 3; }

}  // namespace bansoko::proto::tds
