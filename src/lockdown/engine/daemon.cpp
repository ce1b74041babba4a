// SPDX-License-Identifier: Apache-2.0
#include "lockdown/engine/daemon.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <set>
#include <utility>

#include <fcntl.h>
#include <fmt/core.h>
#include <linux/capability.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/file_lock.h"
#include "base/unique_fd.h"
#include "lockdown/engine/engine_process.h"
#include "lockdown/engine/programs.h"
#include "lockdown/guard/fanotify.h"
#include "lockdown/process/process.h"
#include "service/notify.h"
#include "service/privileges.h"
#include "service/signals.h"
#include "service/silence.h"

namespace bansoko::lockdown {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

/// fanotify; /proc of others; leases on others' files; their content; more descriptors.
constexpr service::Capabilities kCapabilities = 1ULL << CAP_SYS_ADMIN | 1ULL << CAP_SYS_PTRACE |
                                                1ULL << CAP_LEASE | 1ULL << CAP_DAC_READ_SEARCH |
                                                1ULL << CAP_DAC_OVERRIDE | 1ULL << CAP_SYS_RESOURCE;
constexpr auto kFirstPause = 100ms;
constexpr auto kLongestPause = 5s;
constexpr auto kWell = 10s;
constexpr auto kStartTime = 300s;  // the list is read, and what runs is compared with it
constexpr auto kStopTime = 10s;
constexpr milliseconds kEndOfTheOther{5000};  // an engine whose keeper was killed ends, but not at once
constexpr int kFailedToStart = 1;
constexpr rlim_t kOtherDescriptors = 512;

guard::Means means_of(KernelClass kernel) noexcept {
  switch (kernel) {
    case KernelClass::automatic:
    case KernelClass::current:
      return {};
    case KernelClass::no_open_exec_perm:
      return {.tells_executes = false};
    case KernelClass::mount_marks_only:
      return {.tells_executes = false, .marks_filesystems = false, .tells_threads = false};
  }
  return {};
}

/// As many descriptors as the limits ask for, as far as the system lets us; how many leases remain possible.
Result<rlim_t> allow_descriptors(const LimitSettings& limits) {
  rlimit now{};
  ::getrlimit(RLIMIT_NOFILE, &now);
  const rlim_t wanted = limits.leases + 3 * rlim_t{limits.waiting} + kOtherDescriptors;
  rlimit raised{.rlim_cur = wanted, .rlim_max = std::max(wanted, now.rlim_max)};
  if (::setrlimit(RLIMIT_NOFILE, &raised) != 0) {
    raised = {.rlim_cur = std::min(wanted, now.rlim_max), .rlim_max = now.rlim_max};
    if (::setrlimit(RLIMIT_NOFILE, &raised) != 0)
      return fail_errno("cannot raise the limit of descriptors", errno);
  }
  return raised.rlim_cur;
}

/// With no more leases and waiting than there can be descriptors.
LockdownSettings fitted(LockdownSettings settings, rlim_t descriptors) {
  LimitSettings& limits = settings.limits;
  const rlim_t others = 3 * rlim_t{limits.waiting} + kOtherDescriptors;
  if (descriptors >= others + limits.leases) return settings;
  limits.leases =
      static_cast<std::uint32_t>(descriptors > 2 * others ? descriptors - others : descriptors / 2);
  limits.waiting = static_cast<std::uint32_t>(std::min<rlim_t>(limits.waiting, descriptors / 8));
  return settings;
}

std::string describe(int status) {
  if (WIFSIGNALED(status)) return fmt::format("it was killed by signal {}", WTERMSIG(status));
  return fmt::format("it ended with code {}", WEXITSTATUS(status));
}

/// How an engine ended.
struct End {
  bool was_up = false;
  bool told_to = false;
  bool hung = false;
  std::string reason;
};

/// Owns the group, and answers while no engine does. Opens nothing.
class Keeper final : private guard::Receiver {
 public:
  Keeper(const LockdownSettings& settings, const ReadSettings& read_settings, const log::Logger& log,
         UniqueFd signals, guard::Group group, rlim_t descriptors)
      : settings_(settings),
        read_settings_(read_settings),
        log_(log),
        signals_(std::move(signals)),
        group_(std::move(group)),
        guard_(guard::make_fanotify_guard(group_, policy::Answer::allow)),
        descriptors_(descriptors),
        core_(core_files(settings.rescue_shell)),
        notifier_(service::Notifier::from_environment()) {
    for (const std::string& path : core_) {
      struct stat status {};
      if (::stat(path.c_str(), &status) == 0) core_keys_.insert(identity::state_of(status).key);
    }
  }

  Result<> run() {
    milliseconds pause = kFirstPause;
    for (;;) {
      const auto begun = steady_clock::now();
      BANSOKO_TRY(const End end, live_once());
      if (end.told_to) return {};
      if (!end.was_up && restarts_ == 0) return fail(Errc::io, "the engine did not start: {}", end.reason);
      ++restarts_;
      reason_ = end.reason;
      choice_ = end.hung ? settings_.on_failure.hang : settings_.on_failure.crash;
      take_over();
      log_.error("the engine has to be started anew: {}", end.reason);
      pause = steady_clock::now() - begun > kWell ? kFirstPause
                                                  : std::min<milliseconds>(2 * pause, kLongestPause);
      if (!answer_for(pause)) return {};
    }
  }

 private:
  Result<End> live_once() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) != 0) return fail_errno("cannot make a pipe", errno);
    const UniqueFd ours(ends[0]);
    UniqueFd theirs(ends[1]);
    const pid_t parent = ::getpid();
    child_ = ::fork();
    if (child_ < 0) return fail_errno("cannot start a process", errno);
    if (child_ == 0) ::_exit(be_engine(parent, theirs.get()));
    theirs = UniqueFd();
    return watch(ours.get());
  }

  int be_engine(pid_t parent, int pulse) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) return kFailedToStart;
    signals_ = UniqueFd();
    auto settings = restarts_ == 0 ? Result<LockdownSettings>(settings_) : read_settings_();
    if (!settings) {
      log_.error("the settings cannot be read, the last ones hold: {}", settings.error().message);
      settings = settings_;
    }
    const LockdownSettings fitting = fitted(*settings, descriptors_);
    const auto done = run_engine({.settings = fitting,
                                  .read_settings = read_settings_,
                                  .group = group_,
                                  .core = core_,
                                  .pulse = pulse,
                                  .restarts = restarts_,
                                  .restart_reason = reason_},
                                 log_);
    if (done) return 0;
    log_.error("{}", done.error().message);
    return kFailedToStart;
  }

  /// Until the engine has ended. Before it is up, what the kernel asks is answered here.
  Result<End> watch(int pulse) {
    End end;
    service::Silence silence(settings_.on_failure.hang_time - 2 * service::Silence::kLook);
    const auto start_until = steady_clock::now() + kStartTime;
    std::optional<steady_clock::time_point> stop_until;
    for (;;) {
      wait(pulse, !end.was_up);
      if (pass_on_signals() && !stop_until) stop_until = steady_clock::now() + kStopTime;
      int status = 0;
      if (::waitpid(child_, &status, WNOHANG) == child_) {
        end.told_to = stop_until.has_value();
        end.reason = describe(status);
        return end;
      }
      if (const auto pulses = take_pulses(pulse); pulses > 0) {
        silence.end(steady_clock::now());
        // The first says that it answers, the second that all is watched.
        if (std::exchange(end.was_up, true) || pulses > 1) say_ready();
      } else if (stop_until   ? steady_clock::now() > *stop_until
                 : end.was_up ? silence.is_too_long(steady_clock::now())
                              : steady_clock::now() > start_until) {
        end_child();
        end.told_to = stop_until.has_value();
        end.hung = true;
        end.reason = fmt::format("it hung for {} ms and was ended", settings_.on_failure.hang_time.count());
        return end;
      }
    }
  }

  /// What the dead engine had taken is answered, and nothing is kept that its leases guarded.
  void take_over() {
    const auto answer = choice_ == OnFailure::open ? policy::Answer::allow : policy::Answer::deny;
    const auto settled = guard::settle_after(group_, answer, descriptors_);
    if (const auto done = guard_->forget_all(); !done) log_.error("{}", done.error().message);
    if (settled != 0)
      log_.warning("{} program starts and opens that it had taken were answered: {}", settled,
                   answer == policy::Answer::allow ? "allow" : "deny");
  }

  /// False: we were told to end.
  bool answer_for(milliseconds pause) {
    for (const auto until = steady_clock::now() + pause; steady_clock::now() < until;) {
      wait(-1, true);
      while (const auto signal = service::next_signal(signals_.get()))
        if (*signal == SIGTERM || *signal == SIGINT) return false;
    }
    return true;
  }

  void wait(int pulse, bool answers) {
    std::array<pollfd, 3> ready{pollfd{signals_.get(), POLLIN, 0}, pollfd{pulse, POLLIN, 0},
                                pollfd{answers ? group_.descriptor.get() : -1, POLLIN, 0}};
    ::poll(ready.data(), ready.size(), static_cast<int>(service::Silence::kLook.count()));
    if ((ready[2].revents & POLLIN) != 0) static_cast<void>(guard_->receive(*this).has_value());
    if (notifier_.watchdog() && steady_clock::now() >= next_ping_) {
      next_ping_ = steady_clock::now() + *notifier_.watchdog() / 3;
      say("WATCHDOG=1");
    }
  }

  void held(guard::Held held) override {
    const bool executes =
        held.asked() == guard::Asked::execute ||
        (!group_.means.tells_executes && process::intent_of(held.process()) == process::Intent::execute);
    const auto state = identity::state_of(held.file());
    const bool allowed = choice_ == OnFailure::open || !executes || !state || core_keys_.contains(state->key);
    std::move(held).answer(allowed ? policy::Answer::allow : policy::Answer::deny);
  }

  /// True: the engine is told to end, and so are we.
  bool pass_on_signals() {
    bool end = false;
    while (const auto signal = service::next_signal(signals_.get())) {
      if (*signal == SIGCHLD) continue;
      ::kill(child_, static_cast<int>(*signal));
      end |= *signal != SIGHUP;
    }
    if (end) say("STOPPING=1");
    return end;
  }

  static ssize_t take_pulses(int pulse) {
    std::array<char, 64> bytes;
    return ::read(pulse, bytes.data(), bytes.size());
  }

  void end_child() const {
    ::kill(child_, SIGKILL);
    while (::waitpid(child_, nullptr, 0) < 0 && errno == EINTR) {
    }
  }

  void say_ready() {
    if (!std::exchange(said_ready_, true)) say("READY=1");
  }

  void say(std::string_view state) const {
    if (const auto sent = notifier_.send(state); !sent) log_.warning("{}", sent.error().message);
  }

  LockdownSettings settings_;
  const ReadSettings& read_settings_;
  const log::Logger& log_;
  UniqueFd signals_;
  guard::Group group_;
  std::unique_ptr<guard::Guard> guard_;
  rlim_t descriptors_;
  std::vector<std::string> core_;
  std::set<identity::FileKey> core_keys_;
  service::Notifier notifier_;
  steady_clock::time_point next_ping_{};
  OnFailure choice_ = OnFailure::open;  // before the first engine is up nothing is watched
  bool said_ready_ = false;
  std::uint64_t restarts_ = 0;
  std::string reason_;
  pid_t child_ = -1;
};

}  // namespace

Result<> run_daemon(const LockdownSettings& settings, const ReadSettings& read_settings,
                    const log::Logger& log) {
  BANSOKO_TRY(UniqueFd signals, service::open_signals({SIGTERM, SIGINT, SIGHUP, SIGCHLD}));
  BANSOKO_TRY(const rlim_t descriptors, allow_descriptors(settings.limits));
  const LockdownSettings fitting = fitted(settings, descriptors);
  if (fitting.limits.leases != settings.limits.leases)
    log.warning("this system allows {} descriptors: limits.leases is {}, limits.waiting {}", descriptors,
                fitting.limits.leases, fitting.limits.waiting);
  if (::geteuid() == 0) BANSOKO_CHECK(service::drop_privileges(kCapabilities));
  // Two would wait for each other's answers.
  BANSOKO_CHECK(make_folder(settings.state_folder, 0700));
  const auto only_one = FileLock::take(settings.state_folder + "/daemon.lock", kEndOfTheOther);
  if (!only_one) return fail(Errc::denied, "the lockdown is running already: {}", only_one.error().message);
  BANSOKO_TRY(guard::Group group, guard::open_group(means_of(settings.watch.kernel_class)));
  return Keeper(fitting, read_settings, log, std::move(signals), std::move(group), descriptors).run();
}

}  // namespace bansoko::lockdown
