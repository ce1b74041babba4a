// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "event/event.h"

namespace bansoko::engine {

/// What the engine tells about itself, or of a blocked flow that is over.
enum class EngineEvent : std::uint8_t {
  shield_started,
  shield_stopped,
  shield_restarted,
  rules_reloaded,
  rules_reload_failed,
  flow_blocked_until_end,
  rule_slow,
  rule_suspended,
  rule_resumed,
  parser_stopped,
  clock_jumped,
  spool_recovered,
  exception_ended,
  firewall_lost,  // the last one
};
inline constexpr std::size_t kEngineEvents = static_cast<std::size_t>(EngineEvent::firewall_lost) + 1;

/// "shield.started" and so on: the name in the event.
std::string_view name_of(EngineEvent what) noexcept;

/// An event about the engine itself, now.
event::Event engine_event(EngineEvent what, std::string_view message, std::uint64_t generation);

}  // namespace bansoko::engine
