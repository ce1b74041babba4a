// SPDX-License-Identifier: Apache-2.0
// How new rules come into force, or do not.
#include <chrono>
#include <ctime>
#include <thread>
#include <utility>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "shield/engine/engine_event.h"
#include "shield/engine/shield.h"

namespace bansoko::engine {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

constexpr auto kCanaryTime = 10s;  // for a worker to come round to it
constexpr auto kCanaryPause = 2ms;

}  // namespace

Result<> check_candidate(const LoadedRules& candidate, const RulesStatus& in_force) {
  const std::size_t faults = count_errors(candidate.diagnostics);
  if (faults > in_force.refused) {
    std::string first;
    for (const rule::Diagnostic& diagnostic : candidate.diagnostics)
      if (first.empty() && diagnostic.severity == rule::Severity::error) first = to_text(diagnostic);
    return fail(Errc::invalid, "{} faults in rules where there were {}; the first: {}", faults,
                in_force.refused, first);
  }
  if (candidate.rules == 0 && !candidate.may_be_empty)
    return fail(Errc::invalid, "the {} rule files hold no rule", candidate.files.size());
  return {};
}

Result<RulesStatus> Shield::reload(const ShieldSettings& settings) {
  const std::scoped_lock one_at_a_time(reload_mutex_);
  auto candidate = load_candidate(settings);
  if (!candidate) {
    note_reload(false, candidate.error().message);
    return tl::unexpected<Error>(candidate.error());
  }
  put_in_force(*candidate);
  note_settings(settings);
  lookout_.know_home(settings);
  infections_.know_home(settings);
  rules_->publish(candidate->set);
  note_reload(true, fmt::format("{} rules", candidate->rules));
  const std::scoped_lock lock(mutex_);
  return rules_status_;
}

Result<LoadedRules> Shield::load_candidate(const ShieldSettings& settings) {
  BANSOKO_TRY(LoadedRules candidate, loader_.load(settings));
  for (const std::string& fault : candidate.cache_faults) log_.warning("{}", fault);
  RulesStatus in_force;
  {
    const std::scoped_lock lock(mutex_);
    in_force = rules_status_;
  }
  BANSOKO_CHECK(check_candidate(candidate, in_force));
  BANSOKO_CHECK(try_canary(candidate.set));
  return candidate;
}

Result<> Shield::try_canary(const std::shared_ptr<const detect::RuleSet>& rules) {
  for (const auto& worker : workers_) worker->ask_canary(rules);
  const auto until = steady_clock::now() + kCanaryTime;
  for (std::size_t i = 0; i < workers_.size(); ++i) {
    auto answer = workers_[i]->canary_answer();
    while (!answer && working_[i]->load() && steady_clock::now() < until) {
      std::this_thread::sleep_for(kCanaryPause);
      answer = workers_[i]->canary_answer();
    }
    // A capture may have ended before the question came: then nothing is left to protect.
    if (!answer && !working_[i]->load() && !failure()) continue;
    if (!answer) return fail(Errc::limit, "worker {} did not try the canary rule in time", i);
    if (!*answer) return fail(answer->error().code, "worker {}: {}", i, answer->error().message);
  }
  return {};
}

/// Says which settings an operator may believe to be in force and which are not.
void Shield::note_settings(const ShieldSettings& settings) {
  std::vector<std::string> apart = settings_apart(settings_, settings, parts_.protocols);
  std::erase_if(apart, takes_effect_on_reload);
  if (!apart.empty()) log_.warning("changed settings need a restart: {}", fmt::join(apart, ", "));
  const std::scoped_lock lock(mutex_);
  rules_status_.need_restart = std::move(apart);
}

void Shield::put_in_force(const LoadedRules& loaded) {
  loader_.put_in_force(loaded);
  teller_.know(loaded.set);
  exceptions_.know(loaded.set->hits().exceptions);
  const std::scoped_lock lock(mutex_);
  rules_status_ = {.generation = loaded.set->generation(),
                   .rules = loaded.rules,
                   .refused = count_errors(loaded.diagnostics),
                   .files = loaded.files.size(),
                   .patches = loaded.patches,
                   .may_be_empty = loaded.may_be_empty,
                   .need_restart = {}};
  suspended_.clear();
}

void Shield::reload_failed(const std::string& why) { note_reload(false, why); }

void Shield::note_reload(bool ok, std::string message) {
  if (ok)
    log_.info("reloaded: {}", message);
  else
    log_.error("reload failed, the rules of before stay in force: {}", message);
  std::uint64_t generation = 0;
  {
    const std::scoped_lock lock(mutex_);
    const std::time_t now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
    reload_status_ = {.any = true,
                      .ok = ok,
                      .time = fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(now)),
                      .message = message};
    generation = rules_status_.generation;
  }
  events_.write(
      engine_event(ok ? EngineEvent::rules_reloaded : EngineEvent::rules_reload_failed, message, generation));
}

}  // namespace bansoko::engine
