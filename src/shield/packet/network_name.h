// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace bansoko::packet {

/// The name of the network that `number` stands for inside `outer`: no two numbers of one network get the
/// same. Never zero, which is the network outside all others.
constexpr std::uint64_t network_name(std::uint64_t outer, std::uint64_t number) noexcept {
  // Each step can be undone, so nothing is lost but what becomes zero.
  const std::uint64_t name = (outer ^ number) * 0x9e3779b97f4a7c15;
  return name == 0 ? 1 : name ^ name >> 32U;
}

}  // namespace bansoko::packet
