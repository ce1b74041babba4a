// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "event/event.h"
#include "shield/claim/claim.h"

namespace bansoko::engine {

/// What events of hosts' software are called.
inline constexpr std::string_view kInventoryType = "inventory";
inline constexpr std::string_view kSoftwareName = "host.software";

/// What a host said of itself, as an event; `number` is its alone in this run.
event::Event event_of(const claim::Claim& claim, std::uint64_t number);

}  // namespace bansoko::engine
