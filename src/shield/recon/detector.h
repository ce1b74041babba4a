// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/counter.h"
#include "shield/packet/address.h"
#include "shield/recon/attempt.h"
#include "shield/recon/distinct_table.h"
#include "shield/recon/keyed_table.h"
#include "shield/rule/address_set.h"

namespace bansoko::recon {

/// What reconnaissance, or a worm, looks like from the network.
enum class Shape : std::uint8_t {
  port_scan,  // many ports of one host, which mostly do not answer
  host_scan,  // one port of many hosts, which mostly do not answer
  fan_out,    // many hosts on a port that worms spread by, whether they answer or not
};
inline constexpr std::size_t kShapes = 3;

/// "recon.port_scan" and so on.
std::string_view name_of(Shape shape) noexcept;

/// A port of one transport protocol.
struct Port {
  std::uint16_t number = 0;
  std::uint8_t protocol = 0;
  friend bool operator==(const Port&, const Port&) = default;
};

struct Settings {
  std::chrono::nanoseconds window = std::chrono::minutes(5);  // of both kinds of scan
  std::uint32_t port_scan = 20;                               // different ports that failed
  std::uint32_t host_scan = 50;                               // different hosts that failed
  std::uint32_t fan_out = 60;                                 // different hosts within a minute
  std::vector<Port> fan_out_ports;
  rule::AddressSet except = rule::AddressSet(std::vector<rule::AddressSet::Range>{});  // never looked at
  std::uint32_t max_tracked = 4096;  // sources, and for each shape sources with a host or a port
  bool tell_proof = false;           // tell again when a source that was told is proven later
};

/// One thing found out about one source.
struct Finding {
  static constexpr std::size_t kExamples = 8;

  Shape shape = Shape::port_scan;
  Attempt last = {};        // the attempt that reached the threshold
  std::uint32_t count = 0;  // different ports or hosts, at least
  std::chrono::nanoseconds window{};
  bool proven = false;  // the source has completed a handshake: its address is not forged
  bool again = false;   // told before; new is that it is proven
  std::uint8_t examples = 0;
  std::array<packet::Address, kExamples> hosts{};
  std::array<std::uint16_t, kExamples> ports{};
};

struct DetectorCounters {
  std::array<Counter, kShapes> findings;
  Counter attempts, failed;
};

/// Decides who scans, from the attempts of all workers. One finding for each source and shape in a window.
/// All memory is taken at construction; when a table is full the least active is given up.
class Detector {
 public:
  /// `seed` must be secret where peers are live.
  Detector(const Settings& settings, std::uint64_t seed);

  /// Adds what this attempt shows to `findings`. Attempts need not come in order of time, only nearly.
  void take(const Attempt& attempt, std::vector<Finding>& findings);

  /// As if nothing had been seen; counters stay.
  void forget() noexcept;

  const DetectorCounters& counters() const noexcept { return counters_; }
  /// Tracked sources that gave way to others while they still counted.
  std::uint64_t given_up() const noexcept;

 private:
  struct Source {
    std::chrono::nanoseconds used{};
    std::chrono::nanoseconds proven{};                     // zero: never
    std::array<std::chrono::nanoseconds, kShapes> told{};  // the same
    Finding unproven = {};                                 // told, of a source that might be forged
    bool waits_for_proof = false;
  };

  bool is_fan_out_port(const Attempt& attempt) const noexcept;
  bool lies_within(std::chrono::nanoseconds time) const noexcept;
  Source& source_of(const packet::Address& address) noexcept;
  void note_proof(const Attempt& attempt, std::vector<Finding>& findings);
  void find(Finding finding, std::vector<Finding>& findings);
  Finding port_scan(const Attempt& last) noexcept;
  Finding hosts_of(Shape shape, const Attempt& last) noexcept;

  Settings settings_;
  std::chrono::nanoseconds now_{};
  DistinctTable<Port> ports_;
  DistinctTable<packet::Address> hosts_;
  DistinctTable<packet::Address> fan_out_;
  KeyedTable<Source> sources_;
  DetectorCounters counters_;
};

}  // namespace bansoko::recon
