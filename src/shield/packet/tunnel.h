// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>

#include "base/bytes.h"
#include "shield/packet/decode.h"
#include "shield/packet/frame.h"
#include "shield/packet/packet.h"

namespace bansoko::packet {

/// The ways in which one packet carries another.
enum class Tunnel : std::uint8_t { none, ip, gre, pptp, erspan, teredo, vxlan, geneve };

/// Tunnels in tunnels that can be followed at most, whatever the settings say.
inline constexpr std::size_t kMostTunnels = 8;

/// A few UDP ports.
class PortList {
 public:
  static constexpr std::size_t kMost = 8;

  constexpr PortList() = default;
  constexpr PortList(std::initializer_list<std::uint16_t> ports) noexcept {
    for (const std::uint16_t port : ports) add(port);
  }

  /// False: it is full.
  constexpr bool add(std::uint16_t port) noexcept {
    if (size_ == kMost) return false;
    ports_[size_++] = port;
    return true;
  }

  constexpr bool has(std::uint16_t port) const noexcept {
    return std::find(ports_.begin(), ports_.begin() + size_, port) != ports_.begin() + size_;
  }

 private:
  std::array<std::uint16_t, kMost> ports_{};
  std::uint8_t size_ = 0;
};

struct TunnelSettings {
  std::uint8_t max_depth = 4;  // tunnels in tunnels that are followed; up to kMostTunnels
  bool verify_checksums = true;
  PortList vxlan{4789};
  PortList geneve{6081};
  PortList teredo{3544};
  std::uint64_t seed = 0;  // secret, so that nobody can make two tunnels share a Packet::network
};

/// What a packet carries. The bytes are the packet's own.
struct Carried {
  Tunnel by = Tunnel::none;
  Link link = Link::ip;
  Bytes bytes = {};
  std::uint64_t network = 0;  // Packet::network inside

  bool any() const noexcept { return by != Tunnel::none; }
};

/// Finds what a whole packet carries: IP in IP of every combination, MPLS in IP, GRE (versions 0 and 1),
/// ERSPAN, VXLAN, Geneve, Teredo. What is wrong with a tunnel's header is noted in `packet.anomalies`.
Carried carried_by(Packet& packet, const TunnelSettings& settings) noexcept;

/// Reads it, as decode() does a frame. Its addresses, VLAN tags and TTL have nothing to do with the outer
/// ones.
Packet decode_carried(const Packet& outer, const Carried& carried, const DecodeSettings& settings) noexcept;

}  // namespace bansoko::packet
