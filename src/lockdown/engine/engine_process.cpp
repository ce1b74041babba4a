// SPDX-License-Identifier: Apache-2.0
#include "lockdown/engine/engine_process.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <memory>
#include <thread>

#include <fmt/core.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <nlohmann/json.hpp>

#include "base/file.h"
#include "lockdown/engine/lockdown.h"
#include "service/control.h"
#include "service/signals.h"

namespace bansoko::lockdown {
namespace {

using nlohmann::json;
using std::chrono::milliseconds;
using namespace std::chrono_literals;

constexpr milliseconds kLookAround{100};

std::string refusal(std::string_view why) {
  return json{{"ok", false}, {"error", why}}.dump(-1, ' ', false, json::error_handler_t::replace);
}

class EngineProcess {
 public:
  EngineProcess(const EngineStart& start, const log::Logger& log)
      : start_(start),
        log_(log),
        guard_(guard::make_fanotify_guard(start.group, start.settings.on_fault.error)) {}

  Result<> run(UniqueFd signals) {
    BANSOKO_TRY(lockdown_,
                Lockdown::start(start_.settings, *guard_, start_.core, log_, [this] { hand_over(); }));
    lockdown_->note_restart(start_.restarts, start_.restart_reason);
    BANSOKO_TRY(const auto control,
                service::ControlServer::open(start_.settings.control_socket,
                                             [this](std::string_view request) { return answer(request); }));
    log_.info("lockdown is up: mode {}", lockdown_->status().mode);
    while (!told_to_end(signals.get())) {
      if (const std::string failure = lockdown_->failure(); !failure.empty())
        return fail(Errc::io, "{}", failure);
      lockdown_->look_around();
      // Should the taker hang, so do we: in silence.
      if (lockdown_->is_alive(start_.settings.on_failure.hang_time / 2)) pulse();
    }
    return {};
  }

 private:
  bool told_to_end(int signals) {
    pollfd ready{signals, POLLIN, 0};
    ::poll(&ready, 1, static_cast<int>(kLookAround.count()));
    while (const auto signal = service::next_signal(signals)) {
      if (*signal != SIGHUP) return true;
      if (const auto reloaded = reload(); !reloaded)
        log_.error("reload failed: {}", reloaded.error().message);
    }
    return false;
  }

  /// From here on the keeper takes nothing any more.
  void hand_over() const {
    pulse();
    for (int unread = 1; unread > 0;) {
      if (::ioctl(start_.pulse, FIONREAD, &unread) != 0) return;
      std::this_thread::sleep_for(1ms);
    }
  }

  void pulse() const {
    if (::write(start_.pulse, "", 1) < 0 && errno != EAGAIN) log_.warning("the keeper is gone");
  }

  Result<> reload() {
    BANSOKO_TRY(const LockdownSettings settings, start_.read_settings());
    return lockdown_->reload(settings);
  }

  std::string answer(std::string_view request) {
    const json parsed = json::parse(request, nullptr, false);
    const auto command = parsed.is_object() ? parsed.find("command") : parsed.end();
    if (!parsed.is_object() || command == parsed.end() || !command->is_string())
      return refusal("a request is an object with a command");
    if (*command == "status") return to_json(lockdown_->status());
    if (*command == "release") {
      lockdown_->release();
      return R"({"ok":true})";
    }
    if (*command != "reload") return refusal("the commands are status, reload and release");
    const auto reloaded = reload();
    return reloaded ? to_json(lockdown_->status()) : refusal(reloaded.error().message);
  }

  const EngineStart& start_;
  const log::Logger& log_;
  std::unique_ptr<guard::Guard> guard_;
  std::unique_ptr<Lockdown> lockdown_;
};

}  // namespace

Result<> run_engine(const EngineStart& start, const log::Logger& log) {
  BANSOKO_TRY(UniqueFd signals, service::open_signals({SIGTERM, SIGINT, SIGHUP}));
  return EngineProcess(start, log).run(std::move(signals));
}

}  // namespace bansoko::lockdown
