// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "tests/traffic/frames.h"

/// What carries other packets: put it around one, and it is the upper layer of the next.
namespace bansoko::traffic {

/// The bytes of all parts, one after the other.
Octets joined(const std::vector<Octets>& parts);

struct GreFields {
  std::uint16_t type = 0x0800;
  bool checksum = false;
  bool bad_checksum = false;
  std::optional<std::uint32_t> key = std::nullopt;
  std::optional<std::uint32_t> sequence = std::nullopt;
  std::optional<Octets> routes = std::nullopt;  // as they stand in the header, their end included
  std::uint8_t version = 0;
};
Octets gre(const GreFields& fields, Bytes payload);

/// GRE version 1. `stated`: instead of the true length.
Octets pptp(std::uint16_t call, Bytes ppp_frame, std::optional<std::uint16_t> stated = std::nullopt);

/// With the address and control bytes, or without.
Octets ppp(std::uint16_t protocol, Bytes payload, bool with_address = true);

/// A frame of a session, from behind the EtherType on.
Octets pppoe(std::uint16_t session, Bytes ppp_frame, std::optional<std::uint16_t> stated = std::nullopt);

Octets mpls(std::vector<std::uint32_t> labels, Bytes payload);

Octets vxlan(std::uint32_t network, Bytes frame, std::uint8_t flags = 0x08);

/// `options`: whole units of 4 bytes.
Octets geneve(std::uint32_t network, std::uint16_t type, Bytes payload, Octets options = {});

/// Types II and III, from behind GRE on.
Octets erspan(std::uint8_t version, std::uint16_t session, Bytes frame);

/// What carries `payload` to a UDP port.
Octets over_udp(std::uint16_t port, Bytes payload, const IpFields& ip = {},
                std::uint16_t source_port = 50000);

}  // namespace bansoko::traffic
