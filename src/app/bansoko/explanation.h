// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "event/event.h"

namespace bansoko::app {

/// An event in words. `flow_end` is the event that told the end of its blocked flow, if there is one.
std::string explain(const event::Event& event, const std::optional<event::Event>& flow_end);

}  // namespace bansoko::app
