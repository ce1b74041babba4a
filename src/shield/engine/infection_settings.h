// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "base/settings.h"
#include "shield/rule/rule_text.h"

namespace bansoko::engine {

/// What is done about a host of ours that turns out to be infected.
enum class InfectionQuarantine : std::uint8_t { none, egress };

/// `infection:` of the settings.
struct InfectionSettings {
  std::vector<std::string> kill_switch_files = {"/usr/share/bansoko/content/kill-switch*.yaml",
                                                "/etc/bansoko/kill-switch*.yaml"};
  std::vector<std::string> except;
  std::chrono::seconds repeat{3600};
  std::uint32_t max_tracked = 1024;
  InfectionQuarantine quarantine = InfectionQuarantine::none;
  std::chrono::seconds quarantine_time{3600};
};

/// Describes them; `variables` are what `except` may name.
void bind_infection(settings::Section& section, InfectionSettings& infection,
                    const rule::Variables& variables);

}  // namespace bansoko::engine
