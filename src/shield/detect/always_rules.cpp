// SPDX-License-Identifier: Apache-2.0
#include "shield/detect/always_rules.h"

#include <algorithm>

namespace bansoko::detect {
namespace {

bool has_ports(std::size_t transport) noexcept {
  return transport == static_cast<std::size_t>(Transport::tcp) ||
         transport == static_cast<std::size_t>(Transport::udp);
}

AlwaysRules index(bool with_ports, std::span<const std::uint32_t> numbers,
                  std::span<const CompiledRule> rules) {
  std::vector<AddressIndex::Entry> by_source, by_dest;
  std::vector<PortIndex::Entry> by_source_port, by_dest_port;
  AlwaysRules always;
  for (const std::uint32_t number : numbers) {
    const CompiledRule& rule = rules[number];
    const bool has_one_direction = !rule.both_directions;
    if (has_one_direction && !rule.source.is_any())
      by_source.push_back({&rule.source, number});
    else if (has_one_direction && !rule.dest.is_any())
      by_dest.push_back({&rule.dest, number});
    else if (has_one_direction && with_ports && !rule.dest_ports.is_any())
      by_dest_port.push_back({&rule.dest_ports, number});
    else if (has_one_direction && with_ports && !rule.source_ports.is_any())
      by_source_port.push_back({&rule.source_ports, number});
    else
      always.rest.push_back(number);
  }
  always.by_source = AddressIndex(by_source);
  always.by_dest = AddressIndex(by_dest);
  always.by_source_port = PortIndex(by_source_port);
  always.by_dest_port = PortIndex(by_dest_port);
  return always;
}

}  // namespace

Transport transport_of(std::uint8_t ip_protocol) noexcept {
  switch (ip_protocol) {
    case packet::Protocol::tcp:
      return Transport::tcp;
    case packet::Protocol::udp:
      return Transport::udp;
    case packet::Protocol::icmp:
    case packet::Protocol::icmpv6:
      return Transport::icmp;
    default:
      return Transport::other;
  }
}

std::array<AlwaysRules, kTransports> index_rules(
    const std::array<std::vector<std::uint32_t>, kTransports>& numbers, std::span<const CompiledRule> rules) {
  std::array<AlwaysRules, kTransports> made;
  for (std::size_t t = 0; t < kTransports; ++t) {
    // Most such rules are about IP, and so the same for several transports.
    const auto same = static_cast<std::size_t>(std::ranges::find(numbers, numbers[t]) - numbers.begin());
    const bool is_made = same < t && has_ports(same) == has_ports(t);
    made[t] = is_made ? made[same] : index(has_ports(t), numbers[t], rules);
  }
  return made;
}

}  // namespace bansoko::detect
