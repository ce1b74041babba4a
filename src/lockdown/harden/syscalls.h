// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace bansoko::harden {

/// The name of a system call of x86-64, or an empty view for a number without one (x32, or newer than the
/// table).
std::string_view syscall_name(std::int64_t number) noexcept;

/// The number of a name; nothing for one that the table has not.
std::optional<std::int64_t> syscall_number(std::string_view name) noexcept;

}  // namespace bansoko::harden
