// SPDX-License-Identifier: Apache-2.0
#include "shield/engine/engine_event.h"

#include <array>
#include <chrono>

#include <fmt/chrono.h>
#include <fmt/core.h>

namespace bansoko::engine {

std::string_view name_of(EngineEvent what) noexcept {
  constexpr std::array<std::string_view, kEngineEvents> kNames{
      "shield.started",      "shield.stopped",         "shield.restarted", "rules.reloaded",
      "rules.reload_failed", "flow.blocked_until_end", "rule.slow",        "rule.suspended",
      "rule.resumed",        "parser.stopped",         "clock.jumped",     "spool.recovered",
      "exception.ended",     "firewall.lost"};
  return kNames.at(static_cast<std::size_t>(what));
}

event::Event engine_event(EngineEvent what, std::string_view message, std::uint64_t generation) {
  const auto now = std::chrono::system_clock::now();
  event::Event event;
  event.type = "engine";
  event.time = now;
  event.id = fmt::format("{:%Y%m%d-%H%M%S}-e-{:x}", fmt::gmtime(std::chrono::system_clock::to_time_t(now)),
                         static_cast<std::uint64_t>(now.time_since_epoch().count()) & 0xffffffffU);
  event.rule_generation = generation;
  event.name = name_of(what);
  event.message = message;
  return event;
}

}  // namespace bansoko::engine
