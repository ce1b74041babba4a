// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "event/event.h"

namespace bansoko::service {

inline constexpr std::string_view kSpoolRecovered = "spool.recovered";

/// An event that a program tells of itself, now, with an id of its own.
event::Event own_event(std::string_view type, std::string_view name, std::string_view message,
                       std::uint64_t generation);

}  // namespace bansoko::service
