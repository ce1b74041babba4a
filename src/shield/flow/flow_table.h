// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>

#include "base/counter.h"
#include "shield/flow/flow.h"

namespace bansoko::flow {

struct FlowSettings {
  std::uint32_t max_flows = 65536;  // per worker; their memory is reserved at start
  std::chrono::seconds tcp_opening{30};
  std::chrono::seconds tcp_established{600};
  std::chrono::seconds tcp_closed{10};
  std::chrono::seconds udp{60};
  std::chrono::seconds other{30};
  std::shared_ptr<const packet::HostTable> hosts = nullptr;  // null: all have the defaults
};

struct FlowCounters {
  Counter created, active, timed_out, evicted, refused;
};

/// The flows of one worker. Keyed by a hash with a secret seed, so that nobody can aim at one bucket.
/// A full table gives up the oldest flow that is not established; if there is none, the new one is refused.
class FlowTable {
 public:
  struct Found {
    Flow* flow = nullptr;  // null: the table is full (Anomaly::flow_limit is set), or the packet has no flow
    Side side = Side::client;
    bool created = false;
  };

  /// `listener` must outlive the table. The low 12 bits of `seed` are the high bits of each Flow::id: make
  /// them differ between workers.
  FlowTable(const FlowSettings& settings, std::uint64_t seed, FlowListener& listener);
  ~FlowTable();

  /// The flow of a whole IP packet, made if need be. Updates times, traffic and phase (all but TCP's).
  /// A TCP SYN on a closed flow begins a new one.
  Found track(packet::Packet& packet) noexcept;

  /// Ends flows whose time is up. Bounded work per call; call once per batch with the batch's clock.
  void expire(std::chrono::nanoseconds now) noexcept;

  /// Ends every flow.
  void clear() noexcept;

  std::uint32_t capacity() const noexcept;
  const FlowCounters& counters() const noexcept;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace bansoko::flow
