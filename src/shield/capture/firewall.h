// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "shield/capture/capture.h"
#include "shield/packet/address.h"

namespace bansoko::capture {

/// Marks that carry a verdict from the queue to the tables and stay on the connection (conntrack).
/// A blocked flow stays blocked, and a released one passes unseen, whether or not we live.
inline constexpr std::uint32_t kMarkMask = 0xff000000;
inline constexpr std::uint32_t kMarkBlock = 0xba000000;    // drop in silence
inline constexpr std::uint32_t kMarkReject = 0xbb000000;   // answer with a reset, or unreachable
inline constexpr std::uint32_t kMarkRelease = 0xbc000000;  // pass the packet's direction without asking

/// Which packets are led to the queues, or copied to the log groups.
struct FirewallSettings {
  Place place = Place::gateway;
  Lead lead = Lead::queue;        // log_group: only with observe
  std::uint16_t first_queue = 0;  // or the first log group
  std::uint16_t queues = 1;
  OnFailure on_crash = OnFailure::open;
  bool observe = false;                                   // nothing that drops is installed
  std::vector<std::string> interfaces = {};               // empty: all
  std::string state_file = "/run/bansoko/firewall.json";  // what was before: read by remove() after a crash
};

/// Our own tables and the few sysctls they need. Nothing of anybody else's is changed.
class Firewall {
 public:
  /// Installs everything in one transaction; on failure nothing is left. Replaces what an earlier,
  /// crashed instance left behind.
  static Result<> install(const FirewallSettings& settings);

  /// False once anybody has taken a table of ours away, as `nft flush ruleset` does.
  static Result<bool> is_installed();

  /// From now on nothing that comes from this address passes, until the time is up: the kernel sees to it, so
  /// it holds when we have died. Needs tables that were not installed to observe.
  static Result<> shut_out(const packet::Address& address, std::chrono::seconds time);

  /// Ends that early. Errc::unsupported: it was not shut out.
  static Result<> let_in(const packet::Address& address);

  /// From now on no connection that this address begins passes, in the same way; those that exist, and those
  /// that come to it, go on.
  static Result<> confine(const packet::Address& address, std::chrono::seconds time);

  /// Ends that early. Errc::unsupported: it was not confined.
  static Result<> let_out(const packet::Address& address);

  /// How many packets the tables have refused for it since they were installed.
  static Result<std::uint64_t> quarantined_packets();

  /// How many packets the tables have refused by themselves since they were installed: of flows blocked
  /// before.
  static Result<std::uint64_t> refused_packets();

  /// Takes our tables away and puts the sysctls back as they were before install(), also from
  /// another process after a crash. Not being installed is no error.
  static Result<> remove(const std::string& state_file);
};

}  // namespace bansoko::capture
