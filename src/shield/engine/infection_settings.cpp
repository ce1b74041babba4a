// SPDX-License-Identifier: Apache-2.0
#include "shield/engine/infection_settings.h"

#include <array>

#include "shield/engine/recon_settings.h"

namespace bansoko::engine {

void bind_infection(settings::Section& section, InfectionSettings& infection,
                    const rule::Variables& variables) {
  using std::chrono::seconds;
  constexpr std::array<settings::Choice<InfectionQuarantine>, 2> kQuarantines{
      {{"none", InfectionQuarantine::none}, {"egress", InfectionQuarantine::egress}}};
  constexpr seconds kWeek{7 * 86400};
  section.list("kill_switch_files", infection.kill_switch_files,
               "Domains that malware asks for before it goes on: told, and dropped by no rule. See "
               "content/kill-switch.yaml; shell patterns may be used.");
  section.list("except", infection.except,
               "Hosts never told as infected, as rules write addresses: resolvers and proxies, which ask for "
               "others, and your own scanners.");
  section.duration("repeat", infection.repeat, seconds(60), kWeek,
                   "A host is told once in this time for each kind of sign.");
  section.number("max_tracked", infection.max_tracked, 8, 1U << 16U,
                 "Signs of hosts that were told and are remembered. The oldest gives way, and may be told "
                 "again too soon.");
  section.choice("quarantine", infection.quarantine, kQuarantines,
                 "none tells; egress, in mode enforce, also drops the connections that an infected host "
                 "begins, for quarantine_time. Never for a kill-switch domain, which the host must reach.");
  section.duration("quarantine_time", infection.quarantine_time, seconds(10), kWeek,
                   "How long its new connections are dropped.");
  const auto except = address_set(infection.except, variables);
  section.require("except", except.has_value(), except ? "" : except.error().message);
}

}  // namespace bansoko::engine
