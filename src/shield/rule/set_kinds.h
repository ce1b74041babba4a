// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "shield/rule/address_set.h"
#include "shield/rule/port_set.h"
#include "shield/rule/set_reader.h"

namespace bansoko::rule {

/// Addresses, for SetReader.
struct AddressKind {
  using Set = AddressSet;
  static constexpr std::string_view one = "address";
  static constexpr std::string_view many = "addresses";
  static constexpr std::string_view valid =
      "an IPv4 or IPv6 address, address/length, first-last, any, $VARIABLE, [a,b], or '!' and one of these";
  static constexpr std::string_view nothing_left = "a list in which at least one address remains";
  /// An address, a network or a range.
  static Read<AddressSet> literal(std::string_view text);
};

/// Ports, for SetReader.
struct PortKind {
  using Set = PortSet;
  static constexpr std::string_view one = "port";
  static constexpr std::string_view many = "ports";
  static constexpr std::string_view valid =
      "a number from 0 to 65535, first:last, first:, :last, any, $VARIABLE, [a,b], or '!' and one of these";
  static constexpr std::string_view nothing_left = "a list in which at least one port remains";
  /// A port or a range of ports.
  static Read<PortSet> literal(std::string_view text);
};

using AddressReader = SetReader<AddressKind>;
using PortReader = SetReader<PortKind>;

}  // namespace bansoko::rule
