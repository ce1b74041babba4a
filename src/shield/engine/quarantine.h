// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/counter.h"
#include "base/result.h"
#include "shield/engine/recon_settings.h"
#include "shield/engine/settings.h"
#include "shield/packet/address.h"
#include "shield/recon/detector.h"
#include "shield/rule/address_set.h"

namespace bansoko::engine {

/// What became of a source that was found out.
enum class Isolation : std::uint8_t {
  none,      // the settings ask for an event only
  done,      // it is shut out
  observed,  // mode enforce would have shut it out
  unproven,  // its address may be forged
  exempt,    // an exception, one of our own addresses, or none that a host can have
  full,      // max_quarantined are shut out
  failed,    // the firewall did not take it
};
inline constexpr std::size_t kIsolations = 7;

/// "none", "done", "observed" and so on.
std::string_view name_of(Isolation isolation) noexcept;

/// What is known when it is to be decided whether a source is shut out.
struct IsolationFacts {
  bool wanted = false;  // by the settings, or by an operator's hand
  bool exempt = false;
  bool proven = false;
  bool full = false;
};

/// Depends on nothing but its arguments; mode is applied last. `done` still has to be done.
Isolation decide(const IsolationFacts& facts, bool require_handshake, Mode mode) noexcept;

/// Addresses no host can be shut out by: unspecified, loopback, multicast, broadcast.
bool is_nobody(const packet::Address& address) noexcept;

/// What is kept from passing of an address.
enum class Shut : std::uint8_t {
  all,     // whatever it sends
  egress,  // the connections that it begins
};

/// One source shut out, as `bansoko shield quarantine list` shows it.
struct Quarantined {
  packet::Address address = {};
  std::string why;
  std::chrono::nanoseconds until{};  // since 1970-01-01 UTC
};

/// The sources that are shut out, and the infected hosts that begin nothing. The firewall keeps them out;
/// this remembers who they are. From any thread, never on the packet path.
class Quarantine {
 public:
  /// Who keeps addresses out. Each may be empty: then nothing is asked.
  struct Gate {
    std::function<Result<>(const packet::Address&, Shut, std::chrono::seconds)> shut_out;
    std::function<Result<>(const packet::Address&, Shut)> let_in;
    std::function<bool(const packet::Address&)> is_ours;
  };

  Quarantine(const ShieldSettings& settings, Gate gate);

  /// Shuts the source of a finding out, if that is to be.
  Isolation consider(const recon::Finding& finding);

  /// Keeps an infected host of ours from beginning connections. One of our own addresses may be such a host.
  Isolation confine(const packet::Address& host, bool proven, std::chrono::nanoseconds now);

  /// By an operator's hand: not asked whether the address may be forged. Fails with the reason.
  Result<> add(const packet::Address& address, std::chrono::nanoseconds now);
  Result<> release(const packet::Address& address, std::chrono::nanoseconds now);
  std::vector<Quarantined> list(std::chrono::nanoseconds now);

  /// The tables were made anew: shuts all out again that still are to be.
  Result<> restore(std::chrono::nanoseconds now);

  std::uint64_t count_of(Isolation isolation) const noexcept {
    return counts_[static_cast<std::size_t>(isolation)].value();
  }

 private:
  using Key = std::pair<packet::Address, Shut>;
  struct Held {
    std::string why;
    std::chrono::nanoseconds until{};
  };

  bool is_exempt(const packet::Address& address) const;
  void forget_past(std::chrono::nanoseconds now);
  bool is_full_for(const Key& key) const;
  Result<> hold(const Key& key, std::string why, std::chrono::nanoseconds now);

  ReconSettings settings_;
  std::chrono::seconds confined_for_;
  Mode mode_;
  rule::AddressSet except_;
  Gate gate_;
  std::mutex mutex_;
  std::map<Key, Held> held_;
  std::array<Counter, kIsolations> counts_;
};

}  // namespace bansoko::engine
