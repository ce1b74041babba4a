// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "shield/packet/host.h"
#include "tests/traffic/frames.h"

namespace bansoko::evasion {

inline constexpr packet::Address kAttacker = packet::Address::v4(10, 98, 0, 2);
inline constexpr packet::Address kTarget = packet::Address::v4(10, 98, 0, 1);
inline constexpr packet::Address kAttacker6{{0xfd, 0x98, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2}};
inline constexpr packet::Address kTarget6{{0xfd, 0x98, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}};

/// What the target does with the packets that reach it.
class Receiver {
 public:
  virtual ~Receiver() = default;

  /// An IP packet arrives.
  virtual void deliver(Bytes packet) = 0;
  /// What it has sent since the last call.
  virtual std::vector<traffic::Octets> answers() = 0;
  /// What the application on `port` has read since the last call.
  virtual std::string heard(std::uint16_t port) = 0;
  /// Ends every connection.
  virtual void forget() = 0;
};

/// Real sockets: this process gets a network namespace of its own, with a tun device whose other end are we.
/// Needs root; fails with the reason where it cannot be had.
Result<std::unique_ptr<Receiver>> linux_receiver(const std::vector<std::uint16_t>& ports);

/// A small receiver written from the literature, with the overlap policy of `system`.
std::unique_ptr<Receiver> model_receiver(packet::System system);

}  // namespace bansoko::evasion
