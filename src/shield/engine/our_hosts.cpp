// SPDX-License-Identifier: Apache-2.0
#include "shield/engine/our_hosts.h"

#include <vector>

#include <fmt/ranges.h>

#include "shield/engine/own_addresses.h"

namespace bansoko::engine {

rule::AddressSet home_net(const ShieldSettings& settings) {
  const auto home = settings.variables.addresses.find("HOME_NET");
  if (home == settings.variables.addresses.end()) return {};
  std::size_t offset = 0;
  return rule::parse_addresses(home->second, settings.variables, offset).value_or(rule::AddressSet());
}

OurHosts::OurHosts(const ShieldSettings& settings)
    : home_(home_net(settings)), is_host_(settings.capture.place == capture::Place::host) {}

bool OurHosts::contains(const packet::Address& address) const {
  if (!home_.is_any()) return home_.contains(address);
  return is_host_ && is_own_address(address);
}

std::string our_hosts_in_rules(const ShieldSettings& settings) {
  if (!home_net(settings).is_any()) {
    std::size_t offset = 0;
    const bool has_outside = rule::parse_addresses("!$HOME_NET", settings.variables, offset).has_value();
    return has_outside ? "$HOME_NET" : "";
  }
  if (settings.capture.place != capture::Place::host) return "";
  std::vector<std::string> own;
  for (const packet::Address& address : own_addresses()) own.push_back(packet::to_text(address));
  return own.empty() ? "" : fmt::format("[{}]", fmt::join(own, ","));
}

}  // namespace bansoko::engine
