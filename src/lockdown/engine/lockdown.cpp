// SPDX-License-Identifier: Apache-2.0
#include "lockdown/engine/lockdown.h"

#include <algorithm>
#include <ctime>
#include <utility>

#include <fmt/core.h>
#include <fmt/ranges.h>

#include "lockdown/engine/preflight.h"
#include "lockdown/engine/registrar.h"
#include "lockdown/policy/rules_file.h"
#include "lockdown/state/state.h"
#include "lockdown/state/trial.h"

namespace bansoko::lockdown {
namespace {

using std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr auto kMountsEvery = 1s;
constexpr auto kUpdatesEvery = 500ms;
constexpr std::size_t kMostUpdated = 500'000;  // files of one update
constexpr std::size_t kMostNamed = 20;         // in one message

std::int64_t now() { return std::time(nullptr); }

/// Why the machine would not come up again, if it would not.
Result<> check_running(const approved::List& list) {
  const auto missing = running_but_not_approved(list);
  if (missing.empty()) return {};
  const std::span some(missing.data(), std::min(missing.size(), kMostNamed));
  return fail(
      Errc::denied,
      "enforce is refused: {} programs and libraries that run now are not approved: {}{} (bansoko lockdown "
      "scan --approve)",
      missing.size(), fmt::join(some, ", "), missing.size() > kMostNamed ? ", ..." : "");
}

/// A file of state that cannot be read counts as none, which is said.
template <class T>
std::optional<T> or_none(const Result<std::optional<T>>& read, const log::Logger& log) {
  if (read) return *read;
  log.error("{}", read.error().message);
  return std::nullopt;
}

}  // namespace

Lockdown::Lockdown(const LockdownSettings& settings, guard::Guard& guard, approved::Store store,
                   std::vector<std::string> core, const log::Logger& log)
    : settings_(settings),
      guard_(guard),
      log_(log),
      core_(std::move(core)),
      store_(std::move(store)),
      policy_(std::make_shared<const Policy>(Policy{.list = approved::List::make({}, {})})),
      policies_(policy_),
      updates_(kMostUpdated),
      files_(guard, settings.limits.leases, lease_signal()),
      judge_(files_, programs_, updates_, guard.means()),
      reporter_(settings.spool, log),
      mounts_(settings_.watch, guard),
      gatekeeper_(guard, judge_, files_, policies_, reporter_, log,
                  {.waiting = settings.limits.waiting, .answer_time = settings.limits.answer_time}) {}

Lockdown::~Lockdown() { reporter_.tell("lockdown.stopped", "", policy_->list->head().generation); }

Result<std::unique_ptr<Lockdown>> Lockdown::start(const LockdownSettings& settings, guard::Guard& guard,
                                                  std::vector<std::string> core, const log::Logger& log,
                                                  const std::function<void()>& on_taking) {
  BANSOKO_CHECK(block_lease_signals());
  BANSOKO_TRY(approved::Store store, approved::Store::open(settings.state_folder));
  std::unique_ptr<Lockdown> lockdown(new Lockdown(settings, guard, std::move(store), std::move(core), log));
  BANSOKO_CHECK(lockdown->begin(on_taking));
  return lockdown;
}

Result<> Lockdown::begin(const std::function<void()>& on_taking) {
  BANSOKO_TRY(auto policy, read_policy(settings_));
  if (policy->mode == policy::Mode::enforce) BANSOKO_CHECK(check_running(*policy->list));
  BANSOKO_CHECK(gatekeeper_.start());
  put_in_force(std::move(policy));
  on_taking();
  BANSOKO_CHECK(mounts_.watch_all());
  for (const std::string& one : mounts_.unwatched()) log_.warning("not watched: {}", one);
  reporter_.tell("lockdown.started",
                 fmt::format("{} approved files, mode {}", policy_->list->size(), name_of(policy_->mode)),
                 policy_->list->head().generation);
  return {};
}

/// The list in force, or an empty one where none was ever made.
Result<std::shared_ptr<const approved::List>> Lockdown::read_list(policy::Mode mode) {
  std::vector<std::string> damaged;
  auto list = store_.load(damaged);
  for (const std::string& one : damaged) log_.error("{}", one);
  damaged_ = std::move(damaged);
  if (list) return *list;
  if (list.error().code != Errc::not_found || mode == policy::Mode::enforce)
    return fail(list.error().code, "there is no approved list: {}", list.error().message);
  return approved::List::make({}, {});
}

Result<std::shared_ptr<const Policy>> Lockdown::read_policy(const LockdownSettings& settings) {
  settings::Faults faults;
  BANSOKO_TRY(auto rules, policy::load_rules(settings.rules_file, faults));
  const auto window = or_none(state::read_window(settings.state_folder), log_);
  Policy policy{.number = policy_->number + 1,
                .mode = mode_in_force(settings),
                .rules = std::move(rules),
                .on_fault = settings.on_fault,
                .digest_size = settings.limits.digest_size,
                .window = window && state::is_open(*window, now())};
  BANSOKO_TRY(policy.list, read_list(policy.mode));
  return std::make_shared<const Policy>(std::move(policy));
}

/// The settings' mode, if nothing suspends it; `because_` says what does.
policy::Mode Lockdown::mode_in_force(const LockdownSettings& settings) {
  because_.clear();
  confirm_until_ = 0;
  const std::string& folder = settings.state_folder;
  if (settings.mode == policy::Mode::observe) {
    // The next time enforce begins it is to be confirmed anew.
    for (const auto& removed : {state::remove_confirmation(folder), state::remove_trial(folder)})
      if (!removed) log_.error("{}", removed.error().message);
    return policy::Mode::observe;
  }
  const auto glass = or_none(state::read_break_glass(folder), log_);
  if (glass && state::is_open(*glass, now())) because_ = "suspended with a break-glass code";
  if (because_.empty() && settings.confirm_within.count() != 0) ask_for_confirmation(settings);
  return because_.empty() ? policy::Mode::enforce : policy::Mode::observe;
}

/// Unconfirmed, enforce holds for a time that a restart does not prolong.
void Lockdown::ask_for_confirmation(const LockdownSettings& settings) {
  const std::string& folder = settings.state_folder;
  if (or_none(state::read_confirmation(folder), log_)) return;
  auto trial = or_none(state::read_trial(folder), log_);
  if (!trial) {
    trial = state::Trial{.began = now()};
    if (const auto written = state::write(folder, *trial); !written)
      log_.error("{}", written.error().message);
  }
  confirm_until_ = trial->began + std::chrono::seconds(settings.confirm_within).count();
  if (now() < confirm_until_) return;
  confirm_until_ = 0;
  because_ = "enforce was not confirmed in time (bansoko lockdown confirm)";
}

/// The kernel asks anew about every file: first so that it forgets, and again for what was kept by the old
/// policy meanwhile.
void Lockdown::put_in_force(std::shared_ptr<const Policy> policy) {
  programs_.learn(policy->list.get(), settings_.updaters, settings_.readers, core_);
  policy_ = policy;
  policies_.publish(std::move(policy));
  ask_again();
  gatekeeper_.wait_for(policy_->number);
  ask_again();
}

void Lockdown::ask_again() {
  if (const auto asked = files_.ask_again(); !asked) {
    log_.error("{}", asked.error().message);
    files_.give_up_all();
  }
}

Result<> Lockdown::reload(const LockdownSettings& settings) {
  const std::scoped_lock lock(mutex_);
  auto policy = read_policy(settings);
  const bool begins =
      policy && (*policy)->mode == policy::Mode::enforce && policy_->mode != policy::Mode::enforce;
  const auto checked = begins ? check_running(*(*policy)->list) : Result<>();
  if (!policy || !checked) {
    last_fault_ = policy ? checked.error().message : policy.error().message;
    reporter_.tell("lockdown.reload_failed", last_fault_, policy_->list->head().generation);
    return fail(Errc::invalid, "{}", last_fault_);
  }
  last_fault_.clear();
  settings_.mode = settings.mode;
  settings_.updaters = settings.updaters;
  settings_.readers = settings.readers;
  put_in_force(std::move(*policy));
  reporter_.tell("lockdown.reloaded",
                 fmt::format("{} approved files, mode {}", policy_->list->size(), name_of(policy_->mode)),
                 policy_->list->head().generation);
  return {};
}

void Lockdown::look_around() {
  const auto time = steady_clock::now();
  if (mounts_.have_changed() || time >= next_mounts_) {
    next_mounts_ = time + kMountsEvery;
    const std::scoped_lock lock(mutex_);
    if (const auto watched = mounts_.watch_all(); !watched) log_.error("{}", watched.error().message);
  }
  if (updates_.is_under_way() && time >= next_update_) {
    next_update_ = time + kUpdatesEvery;
    settle_update();
  }
  if (time < next_terms_) return;
  next_terms_ = time + 1s;
  look_at_terms();
}

/// A window, a suspension or a time to confirm that has ended.
void Lockdown::look_at_terms() {
  const std::scoped_lock lock(mutex_);
  const auto window = or_none(state::read_window(settings_.state_folder), log_);
  const bool in_window = window && state::is_open(*window, now());
  const policy::Mode mode = mode_in_force(settings_);
  if (mode == policy_->mode && in_window == policy_->window) return;
  Policy changed = *policy_;
  changed.number = policy_->number + 1;
  changed.mode = mode;
  changed.window = in_window;
  const bool fell_back = policy_->mode == policy::Mode::enforce && mode == policy::Mode::observe;
  put_in_force(std::make_shared<const Policy>(std::move(changed)));
  log_.warning("mode {} holds now{}{}", name_of(mode), because_.empty() ? "" : ": ", because_);
  reporter_.tell(fell_back ? "lockdown.fell_back" : "lockdown.terms_changed",
                 fmt::format("mode {}{}{}{}", name_of(mode), because_.empty() ? "" : ": ", because_,
                             in_window ? ", a maintenance window is open" : ""),
                 policy_->list->head().generation);
}

void Lockdown::settle_update() {
  const auto finished = updates_.finished();
  if (!finished) return;
  const auto brought = register_update(store_, *finished, mounts_.paths());
  const std::scoped_lock lock(mutex_);
  if (!brought) {
    last_fault_ = fmt::format("an update by {} could not be registered: {}",
                              fmt::join(finished->programs, ", "), brought.error().message);
    log_.error("{}", last_fault_);
    reporter_.tell("lockdown.update_failed", last_fault_, policy_->list->head().generation);
    return updates_.settle(*finished);
  }
  Policy changed = *policy_;
  changed.number = policy_->number + 1;
  if (auto list = read_list(policy_->mode); list && brought->code != 0) {
    changed.list = *list;
    put_in_force(std::make_shared<const Policy>(std::move(changed)));
  }
  updates_.settle(*finished);
  reporter_.tell("lockdown.updated",
                 fmt::format("by {}: {} files registered, {} gone again, {} unreadable, {} beyond the limit",
                             fmt::join(finished->programs, ", "), brought->code, brought->gone,
                             brought->unread, finished->left_out),
                 policy_->list->head().generation);
}

void Lockdown::note_restart(std::uint64_t count, const std::string& reason) {
  const std::scoped_lock lock(mutex_);
  restarts_ = count;
  restart_reason_ = reason;
  if (count != 0) reporter_.tell("lockdown.restarted", reason, policy_->list->head().generation);
}

Status Lockdown::status() const {
  const std::scoped_lock lock(mutex_);
  const auto& counted = gatekeeper_.counters();
  const auto& known = files_.counters();
  Status status{.mode = std::string(name_of(policy_->mode)),
                .because = because_,
                .confirm_until = confirm_until_,
                .generation = policy_->list->head().generation,
                .approved = policy_->list->size(),
                .rules = policy_->rules.size(),
                .window = policy_->window,
                .updating = updates_.is_under_way(),
                .tells_executes = guard_.means().tells_executes,
                .marks_filesystems = guard_.means().marks_filesystems,
                .watched = mounts_.watched(),
                .known_files = files_.size(),
                .waiting = gatekeeper_.waiting(),
                .unwatched = {mounts_.unwatched().begin(), mounts_.unwatched().end()},
                .damaged = damaged_,
                .last_fault = last_fault_,
                .spool_fault = reporter_.fault(),
                .restarts = restarts_,
                .restart_reason = restart_reason_};
  status.counts = {{"opens", counted.opens.value()},        {"executes", counted.executes.value()},
                   {"read", counted.read.value()},          {"allowed", counted.allowed.value()},
                   {"denied", counted.denied.value()},      {"kept", known.kept.value()},
                   {"leases_broken", known.broken.value()}, {"leases_refused", known.refused.value()}};
  for (std::size_t i = 0; i < policy::kReasons; ++i)
    if (const auto value = counted.reasons.at(i).value(); value != 0)
      status.reasons[std::string(policy::name_of(static_cast<policy::Reason>(i)))] = value;
  status.limits = {{"waiting", counted.full.value()},
                   {"answer_time", counted.late.value()},
                   {"leases", known.evicted.value()},
                   {"lease_signals", counted.lost_signals.value()},
                   {"denied_by_kernel", guard_.denied_by_kernel()},
                   {"events", reporter_.lost()}};
  return status;
}

}  // namespace bansoko::lockdown
