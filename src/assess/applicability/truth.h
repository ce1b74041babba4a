// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace bansoko::assess {

/// Kleene's logic of three values: what an inventory does not say is neither so nor not so.
enum class Truth : std::uint8_t { no, unknown, yes };

constexpr Truth truth(bool value) noexcept { return value ? Truth::yes : Truth::no; }
constexpr Truth both(Truth a, Truth b) noexcept { return a < b ? a : b; }
constexpr Truth either(Truth a, Truth b) noexcept { return a < b ? b : a; }
constexpr Truth negated(Truth a) noexcept { return a == Truth::unknown ? a : truth(a == Truth::no); }

}  // namespace bansoko::assess
