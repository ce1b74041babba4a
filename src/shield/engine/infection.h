// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string_view>

#include "base/counter.h"
#include "event/event.h"
#include "shield/engine/our_hosts.h"
#include "shield/engine/quarantine.h"
#include "shield/engine/settings.h"
#include "shield/engine/totals.h"
#include "shield/packet/address.h"
#include "shield/recon/keyed_table.h"

namespace bansoko::engine {

/// By what a host shows that it is infected. Their signature ids, under kInfectionGid, count from 1.
enum class InfectionSign : std::uint8_t {
  exploit,      // it sent what a virtual patch refuses
  answer,       // it answered as only an infected host does: a rule with `metadata:shows` said so
  fan_out,      // it spreads as a worm does
  kill_switch,  // it asked for a domain that ends malware
};
inline constexpr std::size_t kInfectionSigns = 4;
inline constexpr std::string_view kInfectionReason = "infection";

/// "exploit", "answer", "fan_out", "kill_switch".
std::string_view name_of(InfectionSign sign) noexcept;

/// What an event says about a host.
struct Suspicion {
  InfectionSign sign = InfectionSign::exploit;
  packet::Address host = {};
};

/// Depends on nothing but the event; whether the host is ours is not asked.
std::optional<Suspicion> suspicion_of(const event::Event& told);

/// Finds infected hosts of ours in what is told anyway. Off the packet path: one thread calls look(), others
/// may read the counters.
class InfectionWatch {
 public:
  /// `quarantine` must outlive it. `seed` must be secret where peers are live.
  InfectionWatch(const ShieldSettings& settings, Quarantine& quarantine, std::uint64_t seed);

  /// The event `host.infected` if this one shows it, and was not told of this host and sign lately. `proven`:
  /// the source of `told` is where its address says.
  std::optional<event::Event> look(const event::Event& told, bool proven);

  /// What is ours may have been said anew. From any thread.
  void know_home(const ShieldSettings& settings);

  /// The next events belong to another capture.
  void begin_again() { told_.clear(); }

  void add_to(Totals& totals) const;

 private:
  bool is_ours(const Suspicion& suspicion);
  bool is_news(const Suspicion& suspicion, std::chrono::nanoseconds now);
  event::Event event_of(const Suspicion& suspicion, const event::Event& told, Isolation isolation) const;

  InfectionSettings settings_;
  Mode mode_;
  rule::AddressSet except_;
  std::mutex home_mutex_;
  OurHosts our_hosts_;
  Quarantine& quarantine_;
  recon::KeyedTable<std::chrono::nanoseconds> told_;  // when
  std::array<Counter, kInfectionSigns> counts_;
};

}  // namespace bansoko::engine
