// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "shield/detect/compiled_rule.h"
#include "shield/detect/range_index.h"

namespace bansoko::detect {

/// The transports whose packets have rules of their own.
enum class Transport : std::uint8_t { tcp, udp, icmp, other };
inline constexpr std::size_t kTransports = 4;
Transport transport_of(std::uint8_t ip_protocol) noexcept;

/// Rules without a literal, which must be asked for every packet: found by an address where they name one,
/// else by a port.
struct AlwaysRules {
  AddressIndex by_source, by_dest;
  PortIndex by_source_port, by_dest_port;
  std::vector<std::uint32_t> rest;
};

/// Indexes, for each transport, those of `rules` whose numbers are given.
std::array<AlwaysRules, kTransports> index_rules(
    const std::array<std::vector<std::uint32_t>, kTransports>& numbers, std::span<const CompiledRule> rules);

}  // namespace bansoko::detect
