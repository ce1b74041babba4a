// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <memory>
#include <vector>

#include "shield/proto/dcerpc/calls.h"

namespace bansoko::proto::dcerpc {

/// Puts the calls of one side together from datagrams ([C706] section 12.5). A fragment that comes before its
/// turn is kept until the ones before it have come: whatever completes the call is judged with all of it.
class DatagramLane {
 public:
  DatagramLane(Side side, const CallLimits& limits, MemoryBudget& budget);
  ~DatagramLane();
  DatagramLane(const DatagramLane&) = delete;
  DatagramLane& operator=(const DatagramLane&) = delete;

  void feed(Bytes datagram, const Outlet& out) noexcept;
  void end(const Outlet& out) noexcept;
  void reset(bool release) noexcept;

 private:
  struct Held {
    explicit Held(MemoryBudget& budget) : bytes(budget) {}

    bool is_used = false;
    CallKey key = {};
    std::uint32_t fragment = 0;
    bool is_last = false;
    BudgetedBytes bytes;
  };

  Call& call_of(const DatagramHeader& header, const Outlet& out) noexcept;
  bool hold(const CallKey& key, const DatagramHeader& header, Bytes body) noexcept;
  /// Adds what comes next. True: that was the last.
  bool add(Call& call, Bytes body, bool is_last, const Outlet& out) noexcept;
  bool add_held(Call& call, const Outlet& out) noexcept;
  void forget_held(const CallKey& key) noexcept;
  Held* free_one() noexcept;

  Side side_;
  MemoryBudget& budget_;
  std::size_t most_held_;
  Calls calls_;
  std::vector<std::unique_ptr<Held>> held_;
};

/// The calls of both sides of a flow of datagrams.
class Datagrams {
 public:
  Datagrams(const CallLimits& limits, MemoryBudget& budget)
      : budget_(budget),
        lanes_{DatagramLane(Side::client, limits, budget), DatagramLane(Side::server, limits, budget)} {}

  Parsed feed(Side side, Bytes datagram, const Outlet& out) noexcept {
    lanes_[flow::index(side)].feed(datagram, out);
    return Parsed::more;
  }
  void end(const Outlet& out) noexcept {
    for (DatagramLane& lane : lanes_) lane.end(out);
  }
  void reset() noexcept {
    for (DatagramLane& lane : lanes_) lane.reset(budget_.is_tight());
  }

 private:
  MemoryBudget& budget_;
  std::array<DatagramLane, 2> lanes_;
};

}  // namespace bansoko::proto::dcerpc
