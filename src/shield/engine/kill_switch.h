// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "base/result.h"

namespace bansoko::engine {

/// The generator of what is told about infected hosts, and of the rules about kill-switch domains; no other
/// rule may have it.
inline constexpr std::uint32_t kInfectionGid = 901;

/// Domains that malware asks for before it goes on, and whose answer ends it; each with the malware's name.
using KillSwitches = std::map<std::string, std::string, std::less<>>;
inline constexpr std::size_t kMostKillSwitches = 256;

/// Adds those of a file to `into`.
Result<> add_kill_switches(std::string_view text, std::string_view file, KillSwitches& into);

/// Rules about these domains and all below them: DNS questions, HTTP requests and TLS hellos. Those with the
/// action pass stand before all others; they are about a message of a client of ours, and about its answer.
/// A request that comes to a server of ours has a rule that tells, and no more. `ours`: our hosts as rules
/// write addresses; empty where nobody can say.
std::string kill_switch_rules(const KillSwitches& domains, std::string_view ours);

}  // namespace bansoko::engine
