// SPDX-License-Identifier: Apache-2.0
#include "shield/engine/daemon.h"

#include <atomic>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include <unistd.h>

#include "base/unique_fd.h"
#include "service/control.h"
#include "service/notify.h"
#include "service/privileges.h"
#include "service/signals.h"
#include "service/unix_socket.h"
#include "shield/capture/firewall.h"
#include "shield/engine/drivers.h"
#include "shield/engine/own_addresses.h"
#include "shield/engine/requests.h"
#include "shield/engine/shield.h"

namespace bansoko::engine {
namespace {

using service::connect_to;
using service::ControlServer;
using service::next_signal;
using service::Notifier;
using service::open_signals;
using service::wait_readable;
using namespace std::chrono_literals;
using std::chrono::steady_clock;

constexpr auto kLookAround = 250ms;
constexpr auto kBriefLook = 50ms;   // where a supervisor waits for a pulse
constexpr auto kFirewallLook = 2s;  // how long nobody notices that our tables were taken away

/// Beside the control socket: under /run, like the sysctls it remembers, it is gone after a boot.
std::string firewall_state_file(const ShieldSettings& settings) {
  return std::filesystem::path(settings.control_socket).replace_filename("firewall.json").string();
}

/// Who the firewall keeps out.
Quarantine::Gate firewall_gate() {
  using capture::Firewall;
  return {.shut_out =
              [](const packet::Address& address, Shut shut, std::chrono::seconds time) {
                return shut == Shut::all ? Firewall::shut_out(address, time)
                                         : Firewall::confine(address, time);
              },
          .let_in =
              [](const packet::Address& address, Shut shut) {
                return shut == Shut::all ? Firewall::let_in(address) : Firewall::let_out(address);
              },
          .is_ours = is_own_address};
}

std::chrono::nanoseconds clock_now() { return std::chrono::system_clock::now().time_since_epoch(); }

/// `outcome`, and what can be done about it where the kernel has no copies to give.
template <class T>
Result<T> or_advise(Result<T> outcome, const ShieldSettings& settings) {
  if (outcome || outcome.error().code != Errc::unsupported || driver_in_use(settings) == settings.driver)
    return outcome;
  return fail(Errc::unsupported, "{}: set capture.observe_by to queue to observe without copies",
              outcome.error().message);
}

class Daemon {
 public:
  Daemon(const ReadSettings& read_settings, const log::Logger& log, Watched watched)
      : read_settings_(read_settings),
        log_(log),
        watched_(std::move(watched)),
        notifier_(Notifier::from_environment()) {}

  Result<> run(const ShieldSettings& settings, UniqueFd signals) {
    BANSOKO_TRY(Parts parts, built_in_parts(settings));
    BANSOKO_CHECK(check_driver(*parts.driver, settings.mode));
    parts.gate = firewall_gate();
    parts.use_pattern_cache = true;
    BANSOKO_TRY(shield_, or_advise(Shield::start(settings, parts, log_), settings));
    shield_->note_restarts(watched_.restarts);
    BANSOKO_TRY(
        const ControlServer control, ControlServer::open(settings.control_socket, [this](auto request) {
          return answer_request(request, {.status = [this] { return status(); },
                                          .reload = [this] { return reload(); },
                                          .quarantine = [this] { return std::ref(shield_->quarantine()); }});
        }));
    // From here on a hang holds packets up.
    if (watched_.pulse >= 0) ping();
    // Only now: no packet may meet a queue that nobody listens on.
    firewall_ = firewall_settings(settings, parts.driver->lead);
    BANSOKO_CHECK(or_advise(capture::Firewall::install(firewall_), settings));
    log_.info("shield is up: {} rules, mode {}, driver {}", shield_->status().rules.rules,
              name_of(settings.mode), parts.driver->name);
    say("READY=1");
    auto outcome = watch(signals.get());
    say("STOPPING=1");
    reloading_ = {};
    // A worker that failed has left its queue: what then becomes of packets is for on_crash to say.
    if (outcome) BANSOKO_CHECK(capture::Firewall::remove(firewall_.state_file));
    return outcome;
  }

 private:
  Result<> watch(int signals) {
    auto next_ping = steady_clock::now();
    auto next_firewall_look = next_ping + kFirewallLook;
    while (true) {
      if (wait_readable(signals, steady_clock::now() + (watched_.pulse < 0 ? kLookAround : kBriefLook))) {
        const auto signal = next_signal(signals);
        if (signal == SIGHUP)
          reload_aside();
        else if (signal)
          return {};
      }
      if (const auto failure = shield_->failure()) return fail(Errc::io, "{}", *failure);
      if (shield_->ended()) return {};
      if (steady_clock::now() >= next_firewall_look) {
        keep_firewall();
        next_firewall_look = steady_clock::now() + kFirewallLook;
      }
      if (!ping_period() || steady_clock::now() < next_ping) continue;
      next_ping = steady_clock::now() + *ping_period();
      if (shield_->is_alive()) ping();
    }
  }

  /// How often whoever watches us wants to hear from us.
  std::optional<std::chrono::microseconds> ping_period() const {
    if (watched_.pulse >= 0) return watched_.period;
    if (notifier_.watchdog()) return *notifier_.watchdog() / 3;
    return std::nullopt;
  }

  void ping() const {
    if (watched_.pulse < 0) return say("WATCHDOG=1");
    // A full pipe says as much as one more byte.
    if (::write(watched_.pulse, "", 1) < 0 && errno != EAGAIN) log_.warning("the supervisor is gone");
  }

  Status status() const {
    Status status = shield_->status();
    // Not to be told is no reason to tell nothing: that the tables are gone is watched elsewhere.
    status.kernel_refused = capture::Firewall::refused_packets().value_or(0);
    status.quarantined_packets = capture::Firewall::quarantined_packets().value_or(0);
    return status;
  }

  /// `nft flush ruleset`, with which many a firewall script begins, takes our tables too.
  void keep_firewall() {
    const auto there = capture::Firewall::is_installed();
    if (!there)
      shield_->note_firewall(tl::unexpected<Error>(there.error()));
    else if (!*there)
      shield_->firewall_lost(reinstall());
    else
      shield_->note_firewall({});
  }

  Result<> reinstall() {
    BANSOKO_CHECK(capture::Firewall::install(firewall_));
    return shield_->quarantine().restore(clock_now());
  }

  /// This thread must not wait for a reload, since systemd waits for its pings: one that is asked for while
  /// another is under way comes after it, in that one's thread.
  void reload_aside() {
    if (reloads_asked_.fetch_add(1) != 0) return;
    reloading_ = std::jthread([this] {
      unsigned served = 0;
      do {
        served = reloads_asked_.load();
        static_cast<void>(reload().has_value());
      } while (reloads_asked_.fetch_sub(served) != served);
    });
  }

  Result<RulesStatus> reload() {
    auto settings = read_settings_();
    if (!settings) {
      shield_->reload_failed(settings.error().message);
      return tl::unexpected<Error>(settings.error());
    }
    return shield_->reload(*settings);
  }

  void say(std::string_view state) const {
    if (const auto sent = notifier_.send(state); !sent) log_.warning("{}", sent.error().message);
  }

  const ReadSettings& read_settings_;
  const log::Logger& log_;
  Watched watched_;
  Notifier notifier_;
  capture::FirewallSettings firewall_;
  std::unique_ptr<Shield> shield_;
  std::atomic<unsigned> reloads_asked_{0};
  std::jthread reloading_;
};

}  // namespace

capture::FirewallSettings firewall_settings(const ShieldSettings& settings, capture::Lead lead) {
  const bool copies = lead == capture::Lead::log_group;
  return {.place = settings.capture.place,
          .lead = lead,
          .first_queue = copies ? settings.capture.first_group : settings.capture.first_queue,
          .queues = static_cast<std::uint16_t>(settings.workers),
          .on_crash = settings.capture.on_crash,
          .observe = settings.mode == Mode::observe,
          .interfaces = settings.interfaces,
          .state_file = firewall_state_file(settings)};
}

Result<> run_daemon(const ShieldSettings& settings, const ReadSettings& read_settings, const log::Logger& log,
                    const Watched& watched) {
  BANSOKO_TRY(UniqueFd signals, open_signals({SIGTERM, SIGINT, SIGHUP}));
  if (::geteuid() == 0) BANSOKO_CHECK(service::drop_privileges(kShieldCapabilities));
  return Daemon(read_settings, log, watched).run(settings, std::move(signals));
}

Result<> take_down(const ShieldSettings& settings) {
  if (connect_to(settings.control_socket))
    return fail(Errc::denied, "the shield is running: stop it first (systemctl stop bansoko-shield)");
  return capture::Firewall::remove(firewall_state_file(settings));
}

}  // namespace bansoko::engine
