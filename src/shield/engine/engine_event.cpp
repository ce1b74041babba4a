// SPDX-License-Identifier: Apache-2.0
#include "shield/engine/engine_event.h"

#include <array>

#include "service/own_event.h"

namespace bansoko::engine {

std::string_view name_of(EngineEvent what) noexcept {
  constexpr std::array<std::string_view, kEngineEvents> kNames{
      "shield.started",      "shield.stopped",         "shield.restarted", "rules.reloaded",
      "rules.reload_failed", "flow.blocked_until_end", "rule.slow",        "rule.suspended",
      "rule.resumed",        "parser.stopped",         "clock.jumped",     service::kSpoolRecovered,
      "exception.ended",     "firewall.lost"};
  return kNames.at(static_cast<std::size_t>(what));
}

event::Event engine_event(EngineEvent what, std::string_view message, std::uint64_t generation) {
  return service::own_event("engine", name_of(what), message, generation);
}

}  // namespace bansoko::engine
