// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "base/log.h"
#include "base/result.h"
#include "service/event_writer.h"
#include "shield/capture/capture.h"
#include "shield/engine/evidence_keeper.h"
#include "shield/engine/exception_ledger.h"
#include "shield/engine/infection.h"
#include "shield/engine/loader.h"
#include "shield/engine/lookout.h"
#include "shield/engine/settings.h"
#include "shield/engine/status.h"
#include "shield/engine/teller.h"
#include "shield/engine/worker.h"

namespace bansoko::engine {

/// What a shield is put together from. Tests bring their own.
struct Parts {
  const capture::Driver* driver = nullptr;
  std::span<const detect::Keyword* const> keywords;
  std::span<const proto::Protocol* const> protocols;
  Quarantine::Gate gate = {};      // who shuts sources out; empty: nobody, though it is told
  bool use_pattern_cache = false;  // of the settings
};

/// Everything built in, with the driver that the settings name.
Result<Parts> built_in_parts(const ShieldSettings& settings);

/// Fails with a reason why `candidate` may not take the place of the rules in force: it is empty and should
/// not be, or more of its rules are faulty.
Result<> check_candidate(const LoadedRules& candidate, const RulesStatus& in_force);

/// The running engine: workers, the rules they share, and the thread that tells.
class Shield {
 public:
  /// Loads the rules, binds the queues, starts the workers and has the canary tried; from then on frames are
  /// answered. `log` must outlive the shield.
  static Result<std::unique_ptr<Shield>> start(const ShieldSettings& settings, const Parts& parts,
                                               const log::Logger& log);
  Shield(const Shield&) = delete;
  Shield& operator=(const Shield&) = delete;
  /// Stops the workers, tells what is left, and ends.
  ~Shield();

  /// Reads the rules that `settings` name and puts them in force, or keeps those of before and says why. From
  /// any thread, one at a time; workers go on meanwhile. Of the settings only what concerns rules takes
  /// effect.
  Result<RulesStatus> reload(const ShieldSettings& settings);
  /// Notes that a reload failed before it came here.
  void reload_failed(const std::string& why);

  /// Notes that the tables that lead packets to us were taken away, and how it went to install them `again`.
  void firewall_lost(const Result<>& again);
  /// Notes that the tables are there, or why nobody can say so.
  void note_firewall(const Result<>& there);

  /// Who is shut out, and by whose hand; for the control socket and for those who install tables anew.
  Quarantine& quarantine() noexcept { return lookout_.quarantine(); }

  Status status();

  /// Why a worker has stopped, if one has.
  std::optional<std::string> failure() const;
  /// Notes that this engine follows on one that died or was ended; before it says that it is up.
  void note_restarts(const Restarts& restarts);

  /// Every capture has come to its end.
  bool ended() const noexcept { return running_.load() == 0; }
  /// Every worker still at work has looked around since the last call.
  bool is_alive() noexcept;

 private:
  Shield(const ShieldSettings& settings, const Parts& parts, const log::Logger& log);

  Result<> start_workers(LoadedRules loaded);
  Result<> try_canary(const std::shared_ptr<const detect::RuleSet>& rules);
  Result<LoadedRules> load_candidate(const ShieldSettings& settings);
  void put_in_force(const LoadedRules& loaded);
  void note_settings(const ShieldSettings& settings);
  void note_reload(bool ok, std::string message);
  void work(std::size_t index, const std::stop_token& stop);
  void tell(const std::stop_token& stop);
  bool tell_once();
  /// The event, and what it shows about a host. `proven`: its source is where its address says.
  void write(const event::Event& event, bool proven);
  void note_slow_rule(const Record& record);
  void tell_ended_exceptions();
  void note_faults();
  void watch_limits();
  Totals totals() const;
  std::uint64_t generation() const;
  void complain_about_evidence(const Error& error);

  ShieldSettings settings_;
  Parts parts_;
  const log::Logger& log_;
  Loader loader_;
  Teller teller_;
  service::EventWriter events_;
  EvidenceKeeper evidence_;
  ExceptionLedger exceptions_;
  Lookout lookout_;
  InfectionWatch infections_;
  std::chrono::steady_clock::time_point next_complaint_{};  // about evidence
  std::optional<PublishedRules> rules_;
  std::vector<std::unique_ptr<Worker>> workers_;
  std::vector<std::uint64_t> steps_seen_;
  std::vector<std::unique_ptr<std::atomic<bool>>> working_;
  std::atomic<unsigned> running_{0};
  std::atomic<bool> cannot_record_{false};  // and the operator wants no flow begun that way
  std::chrono::steady_clock::time_point started_;

  std::mutex reload_mutex_;   // one reload at a time
  mutable std::mutex mutex_;  // of what follows
  RulesStatus rules_status_;
  ReloadStatus reload_status_;
  std::string failure_;
  std::string evidence_fault_;
  Restarts restarts_;
  std::map<std::uint32_t, std::chrono::steady_clock::time_point> suspended_;  // by sid, until when
  std::string firewall_fault_;     // why packets may not come to us
  std::uint64_t claims_told_ = 0;  // by the teller
  std::uint64_t firewall_lost_ = 0;
  Named limits_before_, limits_long_before_;
  std::chrono::steady_clock::time_point next_limits_{};

  std::vector<std::jthread> threads_;
  std::jthread teller_thread_;
};

}  // namespace bansoko::engine
