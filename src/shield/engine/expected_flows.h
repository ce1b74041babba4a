// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/counter.h"
#include "shield/flow/flow.h"
#include "shield/proto/protocol.h"

namespace bansoko::engine {

/// Connections that parsers have announced and that have not come yet, of one worker. What another worker is
/// given of them it does not know.
class ExpectedFlows {
 public:
  /// How long a connection is waited for.
  static constexpr std::chrono::seconds kLifetime{30};

  /// At most `most` at one time; for one more the oldest is forgotten.
  explicit ExpectedFlows(std::uint32_t most) : entries_(most) {}

  /// `announcing` is the flow of whoever said so, `protocol` the index of expected.protocol.
  void add(const flow::Flow& announcing, const proto::ExpectedFlow& expected, std::size_t protocol) noexcept;

  struct Found {
    std::size_t protocol = 0;
    proto::ExpectedFlow announced;  // its label is valid until the next add()
  };
  /// Whether the flow is one of them; then it is one no longer.
  std::optional<Found> take(const flow::Flow& flow) noexcept;

  const Counter& forgotten() const noexcept { return forgotten_; }

 private:
  struct Entry {
    packet::Address listener, caller;
    std::uint64_t network = 0;
    std::uint32_t vlan = 0;
    std::uint16_t port = 0;
    bool is_used = false;
    std::size_t protocol = 0;
    proto::ExpectedFlow announced;
    std::array<char, proto::ExpectedFlow::kMostLabel> label{};
    std::chrono::nanoseconds since{};
  };

  static bool is_for(const Entry& entry, const Entry& other) noexcept;
  Entry& place_for(const Entry& key) noexcept;

  std::vector<Entry> entries_;
  std::size_t used_ = 0;
  Counter forgotten_;
};

}  // namespace bansoko::engine
