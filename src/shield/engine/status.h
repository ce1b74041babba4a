// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "shield/engine/exception_ledger.h"
#include "shield/engine/loader.h"
#include "shield/engine/settings.h"
#include "shield/engine/totals.h"

namespace bansoko::engine {

/// The rules in force.
struct RulesStatus {
  std::uint64_t generation = 0;
  std::size_t rules = 0;
  std::size_t refused = 0;  // rules with a fault, left out
  std::size_t files = 0;
  PatchCounts patches = {};
  bool may_be_empty = false;                   // the settings name no rule files
  std::vector<std::string> need_restart = {};  // settings that the file now has otherwise than we do
};

/// How the last reload went; `message` says why it failed.
struct ReloadStatus {
  bool any = false;
  bool ok = true;
  std::string time;  // UTC, RFC 3339
  std::string message;
};

/// How often the supervisor had to start the engine anew, and why it did so last.
struct Restarts {
  unsigned count = 0;
  std::string reason;
};

struct Percentiles {
  std::uint64_t p50 = 0, p90 = 0, p99 = 0, max = 0;  // nanoseconds
};

struct Status {
  Mode mode = Mode::observe;
  std::string driver;
  unsigned workers = 0;
  std::chrono::seconds uptime{};
  RulesStatus rules;
  ReloadStatus reload;
  Totals totals;
  Named recent_limits;  // of the last five to ten minutes
  Percentiles latency;
  std::uint64_t spool_lost = 0;
  std::vector<ExceptionStatus> exceptions;
  std::size_t quarantined = 0;            // sources shut out now
  std::uint64_t quarantined_packets = 0;  // that our tables refused for it
  std::string spool_fault;                // why events cannot be written; empty: they can
  std::string evidence_fault;             // the same of evidence
  std::vector<std::uint32_t> suspended_rules;
  Restarts restarts;
  std::uint64_t kernel_refused = 0;  // packets that our tables refused without asking us
  std::string failure;               // why a worker has stopped; empty: none has
  std::string firewall_fault;        // why packets may not be led to us; empty: they are
};

/// What a monitoring system is told. The numbers are the exit codes of `bansoko shield status`.
enum class Health : std::uint8_t { ok = 0, warning = 1, critical = 2 };

struct HealthReport {
  Health health = Health::ok;
  std::vector<std::string> reasons;
};

/// Critical: a worker has stopped, the firewall tables are gone, no rules, the last reload failed, or events
/// cannot be written. Warning: mode observe, rules left out or suspended, limits reached or events lost
/// lately, started anew lately. Not running at all is for the caller to find.
HealthReport check(const Status& status);

/// One line of JSON, with the health in it.
std::string to_json(const Status& status);

/// A status answer, as to_json() wrote it, for people.
std::string status_table(const std::string& json);

/// The exit code that a status answer asks for, and its reasons in one line.
struct CheckResult {
  int code = static_cast<int>(Health::critical);
  std::string line;
};
CheckResult check_answer(const std::string& json);

}  // namespace bansoko::engine
