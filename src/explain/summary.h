// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "event/event.h"
#include "explain/voice.h"

namespace bansoko::explain {

/// What happened, in one paragraph: what was sent and why that is refused, what became of the packet and its
/// flow, what came after. `why` are the patch's own words for the rule; null: it has none. `flow_end` is the
/// event that told the end of the blocked flow, if there is one.
std::string summary(const event::Event& event, const std::optional<event::Event>& flow_end, const Words* why,
                    const Voice& voice);

}  // namespace bansoko::explain
