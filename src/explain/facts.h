// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "event/event.h"
#include "explain/voice.h"

namespace bansoko::explain {

/// One line of the table: what it is called, in a column of its own, and what it is. An empty label goes on
/// with the line before.
std::string line(std::string_view label, std::string_view value, Lang lang);

/// The table: all that the event says, one fact on each line.
std::string facts(const event::Event& event, const std::optional<event::Event>& flow_end, const Voice& voice);

}  // namespace bansoko::explain
