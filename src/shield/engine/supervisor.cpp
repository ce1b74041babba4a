// SPDX-License-Identifier: Apache-2.0
#include "shield/engine/supervisor.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <optional>
#include <string>
#include <utility>

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fmt/core.h>

#include "base/file.h"
#include "base/unique_fd.h"
#include "service/notify.h"
#include "service/privileges.h"
#include "service/signals.h"
#include "service/silence.h"
#include "shield/capture/firewall.h"
#include "shield/engine/shield.h"

namespace bansoko::engine {
namespace {

using service::next_signal;
using service::Notifier;
using service::open_signals;
using service::Silence;
using namespace std::chrono_literals;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr auto kFirstPause = 100ms;  // before an engine that died is started anew
constexpr auto kLongestPause = 5s;
constexpr auto kWell = 10s;        // an engine that lived so long was well: the pause is short again
constexpr auto kStartTime = 120s;  // until the first pulse; rules are compiled before it
constexpr auto kStopTime = 30s;    // for an orderly end
constexpr unsigned kPulses = 8;    // in a hang time
constexpr int kFailedToStart = 1;

/// How an engine ended.
struct End {
  bool ready = false;    // it was up
  bool stopped = false;  // it was told to, and did
  bool hung = false;
  std::string reason;
};

std::string describe(int status) {
  if (WIFSIGNALED(status)) return fmt::format("it was killed by signal {}", WTERMSIG(status));
  return fmt::format("it ended with code {}", WEXITSTATUS(status));
}

class Supervisor {
 public:
  Supervisor(const ShieldSettings& settings, const ReadSettings& read_settings, const log::Logger& log,
             UniqueFd signals)
      : settings_(settings),
        read_settings_(read_settings),
        log_(log),
        signals_(std::move(signals)),
        notifier_(Notifier::from_environment()) {}

  Result<> run() {
    milliseconds pause = kFirstPause;
    for (;;) {
      const auto begun = steady_clock::now();
      BANSOKO_TRY(const End end, live_once());
      if (end.stopped) return {};
      if (!end.ready && restarts_.count == 0)
        return fail(Errc::io, "the engine did not start: {}", end.reason);
      ++restarts_.count;
      restarts_.reason = end.reason;
      log_.error("the engine has to be started anew: {}", end.reason);
      if (steady_clock::now() - begun > kWell || end.hung) pause = kFirstPause;
      if (!end.hung && !sleep(pause)) return Firewall::remove(tables().state_file);
      pause = std::min<milliseconds>(2 * pause, kLongestPause);
      if (auto now = read_settings_())
        settings_ = *now;
      else
        log_.error("the settings cannot be read, the last ones hold: {}", now.error().message);
    }
  }

 private:
  using Firewall = capture::Firewall;

  /// One engine, from its start to its end.
  Result<End> live_once() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) != 0) return fail_errno("cannot make a pipe", errno);
    UniqueFd ours(ends[0]);
    UniqueFd theirs(ends[1]);
    const pid_t parent = ::getpid();
    child_ = ::fork();
    if (child_ < 0) return fail_errno("cannot start a process", errno);
    if (child_ == 0) ::_exit(be_engine(parent, theirs.get()));
    theirs = UniqueFd();
    return watch(ours.get());
  }

  /// In the child. Should we die, it must not go on unwatched, nor clean up as if told to end.
  int be_engine(pid_t parent, int pulse) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) return kFailedToStart;
    ::unsetenv("WATCHDOG_USEC");  // NOLINT(concurrency-mt-unsafe): there is no other thread; we ping
    signals_ = UniqueFd();
    const auto done = run_daemon(
        settings_, read_settings_, log_,
        {.pulse = pulse, .period = settings_.on_failure.hang_time / kPulses, .restarts = restarts_});
    if (done) return 0;
    log_.error("{}", done.error().message);
    return kFailedToStart;
  }

  Result<End> watch(int pulse) {
    End end;
    // A pulse may be due just when it hangs, and each of us may be one look late.
    const milliseconds period = settings_.on_failure.hang_time / kPulses;
    Silence silence(settings_.on_failure.hang_time - 2 * period);
    const auto start_until = steady_clock::now() + kStartTime;
    std::optional<steady_clock::time_point> stop_until;
    for (;;) {
      ping();
      std::array<pollfd, 2> ready{pollfd{pulse, POLLIN, 0}, pollfd{signals_.get(), POLLIN, 0}};
      ::poll(ready.data(), ready.size(), static_cast<int>(Silence::kLook.count()));
      if (pass_on_signal() && !stop_until) stop_until = steady_clock::now() + kStopTime;
      int status = 0;
      if (::waitpid(child_, &status, WNOHANG) == child_) {
        end.stopped = stop_until.has_value() || (WIFEXITED(status) && WEXITSTATUS(status) == 0);
        end.reason = describe(status);
        return end;
      }
      const bool spoke = take_pulses(pulse);
      end.ready |= spoke;
      if (spoke) silence.end(steady_clock::now());
      if (stop_until && steady_clock::now() > *stop_until) return give_up_stopping();
      const bool silent =
          end.ready ? !spoke && silence.is_too_long(steady_clock::now()) : steady_clock::now() > start_until;
      if (stop_until || !silent) continue;
      end.hung = true;
      end.reason = end_hung();
      return end;
    }
  }

  capture::FirewallSettings tables() const {
    const auto parts = built_in_parts(settings_);
    return firewall_settings(settings_, parts ? parts->driver->lead : capture::Lead::queue);
  }

  /// A queue that nobody listens to does as its rule says: first the rule, then the end.
  std::string end_hung() {
    if (settings_.on_failure.hang != settings_.capture.on_crash) {
      capture::FirewallSettings changed_tables = tables();
      changed_tables.on_crash = settings_.on_failure.hang;
      if (const auto changed = Firewall::install(changed_tables); !changed)
        log_.error("the choice of on_failure.hang cannot be carried out: {}", changed.error().message);
    }
    end_child();
    return fmt::format("it hung for {} ms and was ended", settings_.on_failure.hang_time.count());
  }

  Result<End> give_up_stopping() {
    log_.error("the engine does not end as it was told to");
    end_child();
    BANSOKO_CHECK(Firewall::remove(tables().state_file));
    return End{.stopped = true, .reason = {}};
  }

  void end_child() const {
    ::kill(child_, SIGKILL);
    while (::waitpid(child_, nullptr, 0) < 0 && errno == EINTR) {
    }
  }

  /// True: we are told to stop, and so is the engine now.
  bool pass_on_signal() {
    bool stop = false;
    while (const auto signal = next_signal(signals_.get())) {
      if (*signal == SIGCHLD) continue;
      ::kill(child_, static_cast<int>(*signal));
      stop |= *signal != SIGHUP;
    }
    return stop;
  }

  static bool take_pulses(int fd) {
    std::array<char, 64> bytes;
    return ::read(fd, bytes.data(), bytes.size()) > 0;
  }

  /// False: we were told to stop meanwhile.
  bool sleep(milliseconds pause) {
    const auto until = steady_clock::now() + pause;
    while (steady_clock::now() < until) {
      ping();
      pollfd ready{signals_.get(), POLLIN, 0};
      ::poll(&ready, 1, static_cast<int>(Silence::kLook.count()));
      while (const auto signal = next_signal(signals_.get()))
        if (*signal == SIGTERM || *signal == SIGINT) return false;
    }
    return true;
  }

  /// systemd watches us, and we the engine.
  void ping() {
    if (!notifier_.watchdog() || steady_clock::now() < next_ping_) return;
    next_ping_ = steady_clock::now() + *notifier_.watchdog() / 3;
    if (const auto sent = notifier_.send("WATCHDOG=1"); !sent) log_.warning("{}", sent.error().message);
  }

  ShieldSettings settings_;
  const ReadSettings& read_settings_;
  const log::Logger& log_;
  UniqueFd signals_;
  Notifier notifier_;
  steady_clock::time_point next_ping_{};
  pid_t child_ = -1;
  Restarts restarts_;
};

}  // namespace

Result<> supervise(const ShieldSettings& settings, const ReadSettings& read_settings,
                   const log::Logger& log) {
  BANSOKO_TRY(UniqueFd signals, open_signals({SIGTERM, SIGINT, SIGHUP, SIGCHLD}));
  if (::geteuid() == 0) BANSOKO_CHECK(service::drop_privileges(kShieldCapabilities));
  return Supervisor(settings, read_settings, log, std::move(signals)).run();
}

}  // namespace bansoko::engine
