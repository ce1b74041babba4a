// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "event/event.h"
#include "shield/detect/rule_set.h"
#include "shield/engine/record.h"
#include "shield/engine/settings.h"
#include "shield/proto/protocol.h"

namespace bansoko::engine {

/// Puts words to records. It knows the rules of the last generations, since a record speaks about
/// those that were in force when it was made.
class Teller {
 public:
  /// `protocols` must outlive the teller.
  Teller(const ShieldSettings& settings, std::span<const proto::Protocol* const> protocols);

  /// Keeps `rules`, so that workers and records may refer to them until two later ones have come.
  void know(std::shared_ptr<const detect::RuleSet> rules);

  event::Event event_of(const Record& record) const;

  /// Of the rule that the record names, while its rules are known.
  std::optional<std::uint32_t> sid_of(const Record& record) const;

 private:
  static constexpr std::size_t kGenerations = 3;

  void tell_failure(const Record& record, event::Event& event) const;
  std::shared_ptr<const detect::RuleSet> rules_of(std::uint64_t generation) const;

  Payload payload_;
  std::span<const proto::Protocol* const> protocols_;
  mutable std::mutex mutex_;
  std::deque<std::shared_ptr<const detect::RuleSet>> known_;
};

/// "20261122-024700-1f3a-17": when, in which flow, and a number that is this record's alone in this run.
std::string event_id(std::chrono::nanoseconds time, std::uint64_t flow_id, std::uint64_t record);

/// "TCP", "UDP", "ICMP", "IPv6-ICMP", "SCTP", "GRE", "IPIP", "IPv6", or the number.
std::string transport_name(std::uint8_t protocol);

}  // namespace bansoko::engine
