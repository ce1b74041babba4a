// SPDX-License-Identifier: Apache-2.0
#include "service/own_event.h"

#include <chrono>

#include <fmt/chrono.h>
#include <fmt/core.h>

namespace bansoko::service {

event::Event own_event(std::string_view type, std::string_view name, std::string_view message,
                       std::uint64_t generation) {
  const auto now = std::chrono::system_clock::now();
  event::Event event;
  event.type = type;
  event.time = now;
  event.id = fmt::format("{:%Y%m%d-%H%M%S}-{}-{:x}", fmt::gmtime(std::chrono::system_clock::to_time_t(now)),
                         type.substr(0, 1),
                         static_cast<std::uint64_t>(now.time_since_epoch().count()) & 0xffffffffU);
  event.rule_generation = generation;
  event.name = name;
  event.message = message;
  return event;
}

}  // namespace bansoko::service
