// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/log.h"
#include "base/published.h"
#include "base/result.h"
#include "lockdown/approved/store.h"
#include "lockdown/engine/gatekeeper.h"
#include "lockdown/engine/mounts.h"
#include "lockdown/engine/settings.h"
#include "lockdown/engine/status.h"
#include "lockdown/guard/guard.h"

namespace bansoko::lockdown {

/// All of the engine but its process: reads what is in force, watches the filesystems, answers the kernel.
class Lockdown {
 public:
  /// `guard` and `log` must outlive it. `core`: files that are never denied. `on_taking` is called once what
  /// the kernel holds is answered here, and before anything is watched that was not.
  static Result<std::unique_ptr<Lockdown>> start(const LockdownSettings& settings, guard::Guard& guard,
                                                 std::vector<std::string> core, const log::Logger& log,
                                                 const std::function<void()>& on_taking);
  ~Lockdown();

  /// What is in force anew: mode, list, rules. On a failure that of before stays.
  Result<> reload(const LockdownSettings& settings);
  /// What is to be done now and then: new filesystems, updates that are over, terms that have ended. Ten
  /// times a second.
  void look_around();
  /// Gives up what is known of files, so that a filesystem can be unmounted.
  void release() { files_.give_up_all(); }

  bool is_alive(std::chrono::milliseconds within) const { return gatekeeper_.is_alive(within); }
  std::string failure() const { return gatekeeper_.failure(); }
  Status status() const;
  void note_restart(std::uint64_t count, const std::string& reason);

 private:
  Lockdown(const LockdownSettings& settings, guard::Guard& guard, approved::Store store,
           std::vector<std::string> core, const log::Logger& log);
  Result<> begin(const std::function<void()>& on_taking);
  Result<std::shared_ptr<const approved::List>> read_list(policy::Mode mode);
  Result<std::shared_ptr<const Policy>> read_policy(const LockdownSettings& settings);
  policy::Mode mode_in_force(const LockdownSettings& settings);
  void ask_for_confirmation(const LockdownSettings& settings);
  void put_in_force(std::shared_ptr<const Policy> policy);
  void ask_again();
  void look_at_terms();
  void settle_update();

  LockdownSettings settings_;
  guard::Guard& guard_;
  const log::Logger& log_;
  std::vector<std::string> core_;
  mutable std::mutex mutex_;  // one change at a time
  approved::Store store_;
  std::shared_ptr<const Policy> policy_;  // in force, for those who change it
  Published<Policy> policies_;
  Programs programs_;
  Updates updates_;
  KnownFiles files_;
  Judge judge_;
  Reporter reporter_;
  Mounts mounts_;
  Gatekeeper gatekeeper_;
  std::string because_;             // the mode in force is not the settings'
  std::int64_t confirm_until_ = 0;  // seconds since 1970
  std::vector<std::string> damaged_;
  std::string last_fault_;
  std::uint64_t restarts_ = 0;
  std::string restart_reason_;
  std::chrono::steady_clock::time_point next_mounts_{}, next_update_{}, next_terms_{};
};

}  // namespace bansoko::lockdown
