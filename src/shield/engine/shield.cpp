// SPDX-License-Identifier: Apache-2.0
#include "shield/engine/shield.h"

#include <random>
#include <utility>

#include <pthread.h>

#include <fmt/core.h>

#include "base/histogram.h"
#include "shield/engine/claim_event.h"
#include "shield/engine/drivers.h"
#include "shield/engine/engine_event.h"
#include "shield/keyword/keywords.h"

namespace bansoko::engine {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

constexpr auto kTellPause = 20ms;  // between looks at empty rings
constexpr unsigned kEvidenceFilesASecond = 100;
constexpr auto kComplainEvery = 60s;
constexpr auto kLimitsPeriod = 300s;  // status tells what was reached in this one and the one before

std::uint64_t secret_seed() {
  std::random_device device;
  const std::uint64_t high = device();
  return high << 32U | device();
}

/// Flow ids begin with the low 12 bits, which therefore count the workers, from a place of this run's own.
constexpr std::uint64_t worker_seed(std::uint64_t seed, unsigned worker) noexcept {
  constexpr std::uint64_t kIdBits = 0xfff;
  return (seed & ~kIdBits) | ((seed + worker) & kIdBits);
}

}  // namespace

Result<Parts> built_in_parts(const ShieldSettings& settings) {
  BANSOKO_TRY(const capture::Driver* driver, find_driver(driver_in_use(settings)));
  return Parts{.driver = driver, .keywords = keyword::all_keywords(), .protocols = proto::all_protocols()};
}

Shield::Shield(const ShieldSettings& settings, const Parts& parts, const log::Logger& log)
    : settings_(settings),
      parts_(parts),
      log_(log),
      loader_(parts.keywords, parts.protocols, settings.inspection.max_flowbits),
      teller_(settings, parts.protocols),
      events_(settings.spool, "shield", log),
      evidence_(settings.evidence, kEvidenceFilesASecond,
                [this](const Error& error) { complain_about_evidence(error); }),
      lookout_(settings, parts.gate, secret_seed()),
      infections_(settings, lookout_.quarantine(), secret_seed()),
      started_(steady_clock::now()),
      next_limits_(started_ + kLimitsPeriod) {}

Result<std::unique_ptr<Shield>> Shield::start(const ShieldSettings& settings, const Parts& parts,
                                              const log::Logger& log) {
  std::unique_ptr<Shield> shield(new Shield(settings, parts, log));
  if (parts.use_pattern_cache)
    if (const auto opened = shield->loader_.use_cache(settings.pattern_cache); !opened)
      log.warning("patterns are compiled at each start: {}", opened.error().message);
  BANSOKO_TRY(LoadedRules loaded, shield->loader_.load(settings));
  for (const rule::Diagnostic& diagnostic : loaded.diagnostics) log.warning("{}", to_text(diagnostic));
  for (const std::string& fault : loaded.cache_faults) log.warning("{}", fault);
  if (settings.patches.found && !settings.patches.found->is_there)
    log.info("no patches are in force: {} is not there", settings.patches.library);
  if (loaded.rules == 0 && !settings.rule_files.empty())
    log.error("no rules are in force: nothing is inspected");
  BANSOKO_CHECK(shield->start_workers(std::move(loaded)));
  return shield;
}

Result<> Shield::start_workers(LoadedRules loaded) {
  rules_.emplace(loaded.set);
  put_in_force(loaded);
  const std::uint64_t seed = secret_seed();
  for (unsigned i = 0; i < settings_.workers; ++i) {
    BANSOKO_TRY(auto capture, parts_.driver->open(settings_.capture, i));
    workers_.push_back(std::make_unique<Worker>(i, settings_, std::move(capture), *rules_, parts_.protocols,
                                                worker_seed(seed, i)));
    workers_.back()->go_live(cannot_record_);
    working_.push_back(std::make_unique<std::atomic<bool>>(true));
  }
  steps_seen_.resize(workers_.size());
  running_.store(static_cast<unsigned>(workers_.size()));
  teller_thread_ = std::jthread([this](const std::stop_token& stop) { tell(stop); });
  for (std::size_t i = 0; i < workers_.size(); ++i)
    threads_.emplace_back([this, i](const std::stop_token& stop) { work(i, stop); });
  BANSOKO_CHECK(try_canary(loaded.set));
  events_.write(engine_event(EngineEvent::shield_started, fmt::format("{} rules", loaded.rules),
                             loaded.set->generation()));
  return {};
}

Shield::~Shield() {
  for (std::jthread& thread : threads_) thread.request_stop();
  threads_.clear();
  for (const auto& worker : workers_) worker->finish();
  if (teller_thread_.joinable()) {
    teller_thread_.request_stop();
    teller_thread_.join();
    tell_once();
    events_.write(engine_event(EngineEvent::shield_stopped, "", rules_status_.generation));
    events_.maintain();
  }
}

void Shield::work(std::size_t index, const std::stop_token& stop) {
  // For top(1) and gdb(1): a worker is a thread that can be told from the others.
  ::pthread_setname_np(::pthread_self(), fmt::format("worker {}", index).c_str());
  const auto done = workers_[index]->run(stop);
  if (!done) {
    const std::scoped_lock lock(mutex_);
    failure_ = fmt::format("worker {}: {}", index, done.error().message);
  }
  working_[index]->store(false);
  running_.fetch_sub(1);
}

void Shield::tell(const std::stop_token& stop) {
  auto next_maintenance = steady_clock::now() + 1s;
  while (!stop.stop_requested()) {
    if (!tell_once()) std::this_thread::sleep_for(kTellPause);
    if (events_.is_failing()) note_faults();
    if (steady_clock::now() < next_maintenance) continue;
    next_maintenance = steady_clock::now() + 1s;
    events_.maintain();
    evidence_.maintain();
    note_faults();
    watch_limits();
    tell_ended_exceptions();
  }
}

bool Shield::tell_once() {
  bool any = false;
  Record record;
  for (const auto& worker : workers_) {
    if (worker->attempts() != nullptr)
      any = lookout_.take(*worker->attempts(), generation(), [this](const event::Event& event, bool proven) {
        write(event, proven);
      }) || any;
    claim::Claim claim;
    for (; worker->claims() != nullptr && worker->claims()->take(claim); any = true)
      events_.write(event_of(claim, ++claims_told_));
    while (worker->records().take(record)) {
      // The packets that this record names were put before it.
      if (worker->packets() != nullptr) evidence_.write(*worker->packets());
      if (record.kind == RecordKind::rule_suspended || record.kind == RecordKind::rule_resumed)
        note_slow_rule(record);
      event::Event event = teller_.event_of(record);
      event.evidence = evidence_.file_of(record.evidence);
      if (record.kind == RecordKind::excepted) exceptions_.count(event.name);
      write(event, record.protocol == packet::Protocol::tcp);
      any = true;
    }
    if (worker->packets() != nullptr) evidence_.write(*worker->packets());
  }
  return any;
}

void Shield::write(const event::Event& event, bool proven) {
  events_.write(event);
  if (const auto infected = infections_.look(event, proven)) events_.write(*infected);
}

void Shield::note_slow_rule(const Record& record) {
  const auto sid = teller_.sid_of(record);
  if (!sid) return;
  const bool suspended = record.kind == RecordKind::rule_suspended;
  log_.warning("rule {} {}", *sid, suspended ? "is suspended: it takes too long" : "is tried again");
  const std::scoped_lock lock(mutex_);
  if (suspended) suspended_[*sid] = steady_clock::now() + settings_.inspection.suspension;
}

void Shield::tell_ended_exceptions() {
  for (const std::string& name :
       exceptions_.take_ended(std::chrono::system_clock::now().time_since_epoch())) {
    log_.warning("exception '{}' has ended: it has no effect", name);
    events_.write(engine_event(EngineEvent::exception_ended, name, generation()));
  }
}

void Shield::note_faults() {
  const std::string& evidence = evidence_.fault();
  cannot_record_ =
      settings_.on_failure.spool == capture::OnFailure::closed && (events_.is_failing() || !evidence.empty());
  const std::scoped_lock lock(mutex_);
  if (evidence.empty() && !evidence_fault_.empty()) log_.info("evidence is written again");
  evidence_fault_ = evidence;
}

void Shield::note_restarts(const Restarts& restarts) {
  if (restarts.count == 0) return;
  {
    const std::scoped_lock lock(mutex_);
    restarts_ = restarts;
  }
  events_.write(engine_event(EngineEvent::shield_restarted, restarts.reason, generation()));
}

void Shield::watch_limits() {
  if (steady_clock::now() < next_limits_) return;
  Named limits = totals().limits;
  const std::scoped_lock lock(mutex_);
  next_limits_ = steady_clock::now() + kLimitsPeriod;
  limits_long_before_ = std::exchange(limits_before_, std::move(limits));
}

Totals Shield::totals() const {
  Totals totals;
  for (const auto& worker : workers_) add(totals, *worker, parts_.protocols);
  lookout_.add_to(totals);
  infections_.add_to(totals);
  if (const std::uint64_t lost = evidence_.lost(); lost != 0) totals.limits["evidence_unwritten"] = lost;
  const std::scoped_lock lock(mutex_);
  if (firewall_lost_ != 0) totals.limits["firewall_lost"] = firewall_lost_;
  return totals;
}

void Shield::complain_about_evidence(const Error& error) {
  if (steady_clock::now() < next_complaint_) return;
  next_complaint_ = steady_clock::now() + kComplainEvery;
  log_.error("evidence is being lost: {}", error.message);
}

bool Shield::is_alive() noexcept {
  bool alive = true;
  for (std::size_t i = 0; i < workers_.size(); ++i) {
    const std::uint64_t steps = workers_[i]->steps();
    if (working_[i]->load() && steps == steps_seen_[i]) alive = false;
    steps_seen_[i] = steps;
  }
  return alive;
}

void Shield::firewall_lost(const Result<>& again) {
  {
    const std::scoped_lock lock(mutex_);
    if (firewall_fault_.empty() || again) ++firewall_lost_;
  }
  if (!again) return note_firewall(again);
  note_firewall({});
  log_.error("the firewall tables were taken away; they are installed again");
  events_.write(engine_event(EngineEvent::firewall_lost, "installed again", generation()));
}

void Shield::note_firewall(const Result<>& there) {
  const std::string fault = there ? "" : there.error().message;
  {
    const std::scoped_lock lock(mutex_);
    if (fault == firewall_fault_) return;
    firewall_fault_ = fault;
  }
  if (there) return log_.info("the firewall tables are there again");
  log_.error("the firewall tables are gone, nothing is inspected: {}", fault);
  events_.write(engine_event(EngineEvent::firewall_lost, fault, generation()));
}

std::uint64_t Shield::generation() const {
  const std::scoped_lock lock(mutex_);
  return rules_status_.generation;
}

std::optional<std::string> Shield::failure() const {
  const std::scoped_lock lock(mutex_);
  return failure_.empty() ? std::nullopt : std::optional(failure_);
}

Status Shield::status() {
  Status status;
  status.mode = settings_.mode;
  status.driver = parts_.driver->name;
  status.workers = static_cast<unsigned>(workers_.size());
  status.uptime = std::chrono::duration_cast<std::chrono::seconds>(steady_clock::now() - started_);
  HistogramSum latency;
  status.totals = totals();
  // Where the kernel gives copies nobody is told anything.
  if (parts_.driver->lead == capture::Lead::log_group) status.totals.verdicts.clear();
  for (const auto& worker : workers_) latency.add(worker->latency());
  status.latency = {.p50 = latency.percentile(50),
                    .p90 = latency.percentile(90),
                    .p99 = latency.percentile(99),
                    .max = latency.percentile(100)};
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  status.spool_lost = events_.lost();
  status.exceptions = exceptions_.list(now);
  status.quarantined = lookout_.quarantine().list(now).size();
  status.spool_fault = events_.fault();
  const std::scoped_lock lock(mutex_);
  status.rules = rules_status_;
  status.reload = reload_status_;
  status.failure = failure_;
  status.firewall_fault = firewall_fault_;
  status.evidence_fault = evidence_fault_;
  status.restarts = restarts_;
  for (const auto& [sid, until] : suspended_)
    if (steady_clock::now() < until) status.suspended_rules.push_back(sid);
  for (const auto& [name, count] : status.totals.limits) {
    const auto before = limits_long_before_.find(name);
    const std::uint64_t recent = count - (before == limits_long_before_.end() ? 0 : before->second);
    if (recent != 0) status.recent_limits[name] = recent;
  }
  return status;
}

}  // namespace bansoko::engine
