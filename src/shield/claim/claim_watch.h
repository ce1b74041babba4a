// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <span>
#include <vector>

#include "base/counter.h"
#include "base/keyed_hash.h"
#include "base/lazy_array.h"
#include "shield/claim/claim.h"
#include "shield/claim/claim_table.h"
#include "shield/claim/topics.h"
#include "shield/flow/flow.h"
#include "shield/proto/protocol.h"
#include "shield/rule/address_set.h"

namespace bansoko::claim {

struct Settings {
  bool enabled = true;
  rule::AddressSet of = {};  // whose claims are noted
  std::uint32_t max_claims = 8192;
  std::chrono::seconds repeat{86400};
};

/// What one watch has done. Its worker raises them, anybody reads them.
struct WatchCounters {
  Counter told;
  Counter full;  // not told: no room for another subject
  Counter many;  // not told: a subject that says many things
  Counter lost;  // the sink had no room; told later
};

/// Notes what the hosts of one worker's flows say of their software: of each flow the first transactions of a
/// side, and what a server says first.
class ClaimWatch {
 public:
  /// `protocols` and `sink` must outlive the watch. `seed` must be secret where peers are live.
  ClaimWatch(const Settings& settings, std::span<const proto::Protocol* const> protocols,
             std::uint32_t max_flows, std::uint64_t seed, ClaimSink& sink);

  /// A side of a transaction has come further. `protocol` is an index into the protocols.
  void hear(const flow::Flow& flow, std::size_t protocol, proto::Transaction& transaction, flow::Side side,
            std::chrono::nanoseconds now) noexcept {
    if (groups_.empty()) return;
    const Group& group = groups_[2 * protocol + flow::index(side)];
    if (group.parts.empty() || transaction.progress[flow::index(side)] < group.ready_at) return;
    Heard& heard = heard_[flow.slot][flow::index(side)];
    if (heard.looks == kLooks || heard.last == static_cast<std::uint32_t>(transaction.id) + 1) return;
    look(flow, group, transaction, side, now);
  }

  /// More of a stream has come, whatever is spoken in it.
  void hear(const flow::Flow& flow, const flow::StreamChunk& chunk, std::chrono::nanoseconds now) noexcept {
    if (groups_.empty() || chunk.from == flow::Side::client || heard_[flow.slot][kServer].has_greeted) return;
    greet(flow, chunk, now);
  }

  void forget(const flow::Flow& flow) noexcept;

  const WatchCounters& counters() const noexcept { return counters_; }

  /// Of each flow and side so many transactions are looked into.
  static constexpr std::uint8_t kLooks = 32;
  /// A greeting is waited for as long as it has no more than this.
  static constexpr std::size_t kMostGreeting = 512;

 private:
  static constexpr std::size_t kServer = flow::index(flow::Side::server);

  /// A topic's buffer or field, found.
  struct Part {
    const Topic* topic = nullptr;
    std::uint8_t name = 0;
    std::uint32_t bit = 0;  // of Heard::done
    const proto::Buffer* buffer = nullptr;
    const proto::Field* field = nullptr;
  };
  struct Group {
    std::vector<Part> parts = {};
    std::uint8_t ready_at = 0;
  };
  /// What has been heard of one side of a flow.
  struct Heard {
    std::uint32_t done = 0;  // a bit for each topic that it has spoken about
    std::uint32_t last = 0;  // the transaction looked into last, and 1
    std::uint8_t looks = 0;
    bool has_greeted = false;  // or never will
  };

  void find_parts(std::span<const proto::Protocol* const> protocols);
  void look(const flow::Flow& flow, const Group& group, proto::Transaction& transaction, flow::Side side,
            std::chrono::nanoseconds now) noexcept;
  void greet(const flow::Flow& flow, const flow::StreamChunk& chunk, std::chrono::nanoseconds now) noexcept;
  void tell(const flow::Flow& flow, flow::Side side, Claim& claim, std::chrono::nanoseconds now) noexcept;

  rule::AddressSet of_;
  KeyedHash hash_;
  ClaimSink& sink_;
  std::vector<Group> groups_;  // by protocol and side; empty: nothing is noted
  LazyArray<std::array<Heard, 2>> heard_;
  ClaimTable table_;
  WatchCounters counters_;
};

}  // namespace bansoko::claim
