// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "event/event.h"
#include "explain/voice.h"
#include "patches/library.h"

namespace bansoko::explain {

/// What the library says about a match of this very rule, revision included; null: nothing.
const Words* words_for(const event::Alert& alert, const patches::Library& library) noexcept;

/// An event in words: a paragraph, then the facts. `flow_end` is the event that told the end of its blocked
/// flow, if there is one.
std::string explain(const event::Event& event, const std::optional<event::Event>& flow_end,
                    const patches::Library& library, const Voice& voice);

}  // namespace bansoko::explain
