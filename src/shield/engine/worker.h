// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <stop_token>
#include <string>

#include "base/counter.h"
#include "base/histogram.h"
#include "base/published.h"
#include "base/result.h"
#include "shield/capture/capture.h"
#include "shield/detect/rule_set.h"
#include "shield/engine/pipeline.h"
#include "shield/engine/record.h"
#include "shield/engine/ring.h"

namespace bansoko::engine {

using PublishedRules = Published<detect::RuleSet>;

/// One thread's work: a source of frames, a pipeline, and what it has to tell. It answers the kernel first.
class Worker {
 public:
  static constexpr std::size_t kBatch = 64;               // frames answered together
  static constexpr std::size_t kRecords = 4096;           // told and not yet taken; more are lost and counted
  static constexpr std::size_t kAttempts = 16384;         // the same
  static constexpr std::size_t kClaims = 1024;            // the same; these are told later
  static constexpr std::size_t kEvidence = 4U << 20U;     // bytes of packets kept as evidence, the same
  static constexpr std::chrono::milliseconds kWait{100};  // for a frame, before looking around
  static constexpr std::chrono::seconds kMeasured{1};     // how long rules are timed after a slow batch

  /// What is published must be kept alive by its publisher until every worker has moved on. All references
  /// must outlive the worker.
  Worker(unsigned index, const ShieldSettings& settings, std::unique_ptr<capture::Capture> capture,
         const PublishedRules& rules, std::span<const proto::Protocol* const> protocols, std::uint64_t seed);

  /// Frames come as they happen: jumps of the clock are watched for, and rules and parsers have budgets. Not
  /// so with a capture, which gives the same each time. `cannot_record` as in Pipeline::heed(). Before run().
  void go_live(const std::atomic<bool>& cannot_record) noexcept;

  /// Works until told to stop or until the capture ends; an error is the driver's.
  Result<> run(const std::stop_token& stop);

  /// One batch. False: the capture has ended.
  Result<bool> step();

  /// Ends every flow, when run() is over.
  void finish() noexcept { pipeline_.finish(); }

  /// Asks the worker to try rules on its canary between two batches; from any thread.
  void ask_canary(std::shared_ptr<const detect::RuleSet> candidate);
  /// Why the canary did not fire, if it did not; nothing yet: no answer so far. An answer is given once.
  std::optional<Result<>> canary_answer();

  const Pipeline& pipeline() const noexcept { return pipeline_; }
  const Histogram& latency() const noexcept { return latency_; }  // nanoseconds, of a batch
  std::uint64_t steps() const noexcept { return steps_.value(); }
  capture::Counters captured() const noexcept;
  /// Of the packets kept so far, those that its records name come before the records.
  Ring<Record>& records() noexcept { return records_; }
  /// How flows began. Null unless the settings ask for it.
  Ring<recon::Attempt>* attempts() noexcept { return attempts_ ? &*attempts_ : nullptr; }
  /// What hosts say of themselves. Null unless the settings ask for it.
  Ring<claim::Claim>* claims() noexcept { return claims_ ? &*claims_ : nullptr; }
  /// Null unless the settings ask for packets.
  PacketRing* packets() noexcept { return packets_ ? &*packets_ : nullptr; }

 private:
  void try_canary();
  void note_captured() noexcept;
  void look_at_clocks() noexcept;
  void watch(std::chrono::nanoseconds spent) noexcept;

  struct Captured {
    Counter received, bytes, lost, truncated, errors;
  };

  std::unique_ptr<capture::Capture> capture_;
  PublishedRules::Reader rules_;
  const detect::RuleSet* in_use_ = nullptr;
  Ring<Record> records_;
  std::optional<PacketRing> packets_;
  std::optional<Ring<recon::Attempt>> attempts_;
  std::optional<Ring<claim::Claim>> claims_;
  Pipeline pipeline_;
  Histogram latency_;
  Counter steps_;
  Captured captured_;
  std::array<packet::Frame, kBatch> frames_{};
  std::array<packet::Verdict, kBatch> verdicts_{};

  bool is_live_ = false;
  std::chrono::nanoseconds budget_;  // the least of those for rules and parsers
  std::chrono::steady_clock::time_point measure_until_{};

  std::atomic<bool> canary_asked_{false};
  std::mutex canary_mutex_;
  std::shared_ptr<const detect::RuleSet> canary_rules_;
  std::optional<Result<>> canary_answer_;
};

}  // namespace bansoko::engine
