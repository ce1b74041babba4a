// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "event/event.h"
#include "shield/detect/rule_set.h"
#include "shield/engine/settings.h"
#include "shield/engine/totals.h"
#include "shield/proto/protocol.h"

namespace bansoko::engine {

/// How far a replay has come.
struct ReplayProgress {
  std::size_t capture = 0;  // index
  std::uint64_t packets = 0;
  std::uint64_t bytes = 0;  // of this capture's packets
};

struct ReplayOrder {
  ShieldSettings settings;
  std::shared_ptr<const detect::RuleSet> rules;
  std::vector<std::string> captures;                       // "-": standard input
  std::function<Result<>(const event::Event&)> on_event;   // may be empty
  std::function<void(const ReplayProgress&)> on_progress;  // may be empty
};

/// How often one rule spoke.
struct RuleTally {
  std::string message;
  std::uint64_t alerts = 0;
};

struct ReplaySummary {
  Totals totals;
  std::map<std::pair<std::uint32_t, std::uint32_t>, RuleTally> rules;  // by gid and sid
  std::size_t captures = 0;
  std::vector<std::string> failures;  // captures that could not be read to their end, and why
  std::uint64_t evidence_lost = 0;    // packets that could not be written
  std::string evidence_failure;       // why, of the first
  std::chrono::nanoseconds spent{};   // reading, inspecting and telling
};

/// Leads captures through the pipeline that the daemon runs, one after another, each with fresh flows. The
/// same input gives the same events. A capture that cannot be read is a failure in the summary, not the end.
Result<ReplaySummary> replay(const ReplayOrder& order, std::span<const proto::Protocol* const> protocols);

/// A table for people; numbers with their units.
std::string to_table(const ReplaySummary& summary);

/// One JSON object for machines.
std::string to_json(const ReplaySummary& summary);

}  // namespace bansoko::engine
