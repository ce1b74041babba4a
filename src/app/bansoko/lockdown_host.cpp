// SPDX-License-Identifier: Apache-2.0
#include "app/bansoko/lockdown_host.h"

#include <chrono>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <iostream>
#include <system_error>
#include <thread>

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "app/bansoko/output.h"
#include "app/bansoko/settings_file.h"
#include "base/printable.h"
#include "base/settings_units.h"
#include "event/event.h"
#include "event/spool.h"
#include "service/control.h"
#include "service/own_event.h"

namespace bansoko::app {
namespace {

using namespace std::chrono_literals;
using lockdown::LockdownSettings;

constexpr std::string_view kSpoolName = "lockdown-cli";
constexpr auto kReloadTime = 300s;
constexpr auto kSpoolTime = 2s;

std::string user_name(uid_t user) {
  const passwd* const found = ::getpwuid(user);
  return found == nullptr ? fmt::format("{}", user) : std::string(found->pw_name);
}

/// Another command may be writing its own event just now.
Result<event::SpoolWriter> open_spool(const event::SpoolSettings& settings) {
  const auto until = std::chrono::steady_clock::now() + kSpoolTime;
  for (;;) {
    auto spool = event::SpoolWriter::open(settings, kSpoolName);
    if (spool || spool.error().code != Errc::denied || std::chrono::steady_clock::now() >= until)
      return spool;
    std::this_thread::sleep_for(20ms);
  }
}

Result<> append(const event::SpoolSettings& settings, const event::Event& event) {
  BANSOKO_TRY(auto spool, open_spool(settings));
  BANSOKO_TRY(const auto sequence, spool.append(event::to_json(event)));
  static_cast<void>(sequence);
  return spool.sync();
}

std::string lines_of(std::string_view sign, const std::vector<approved::Entry>& entries) {
  std::string text;
  for (const approved::Entry& entry : entries) text += fmt::format("{} {}\n", sign, line_of(entry));
  return text;
}

}  // namespace

void add_config(CLI::App& command, std::string& config) {
  command.add_option("--config", config, fmt::format("settings, by default {}", kSettingsFile));
}

void run_as(CLI::App& command, int& exit_code, std::function<Result<int>()> action) {
  command.callback([&exit_code, action = std::move(action)] {
    const auto done = action();
    exit_code = done ? *done : complain(done.error());
  });
}

Result<LockdownSettings> lockdown_settings(const std::string& config) {
  std::error_code error;
  if (config.empty() && !std::filesystem::exists(kSettingsFile, error)) return LockdownSettings();
  settings::Faults faults;
  auto loaded = lockdown::load_settings(config.empty() ? kSettingsFile : config, faults);
  for (std::size_t i = 1; i < faults.size(); ++i) fmt::print(stderr, "{}\n", to_text(faults[i]));
  return loaded;
}

Result<std::shared_ptr<const approved::List>> newest_list(const approved::Store& store) {
  std::vector<std::string> damaged;
  auto list = store.load(damaged);
  if (list)
    for (const std::string& each : damaged)
      fmt::print(stderr, "bansoko: {}; generation {} is used\n", printable(each), (*list)->head().generation);
  return list;
}

Result<std::shared_ptr<const approved::List>> list_or_empty(const approved::Store& store) {
  auto list = newest_list(store);
  if (list || list.error().code != Errc::not_found) return list;
  complain(list.error());
  return approved::List::make({}, {});
}

std::string operator_name() {
  const std::string own = user_name(::geteuid());
  // What sudo says is a claim, and is shown as one; root could write anything there.
  const char* const before = std::getenv("SUDO_USER");
  return before == nullptr || own == before ? own : fmt::format("{} as {}", before, own);
}

std::string with_reason(std::string_view what, std::string_view why) {
  return fmt::format("{}{} by {}", what, why.empty() ? "" : fmt::format(" ({})", why), operator_name());
}

void tell(const LockdownSettings& settings, std::string_view name, std::string_view message,
          std::uint64_t generation) {
  const auto event = service::own_event("lockdown", name, printable(message), generation);
  if (const auto told = append(settings.spool, event); !told)
    fmt::print(stderr, "bansoko: the event of this could not be written: {}\n", told.error().message);
}

int have_it_read_again(const LockdownSettings& settings) {
  const auto answer = service::ask_control(settings.control_socket, R"({"command":"reload"})", kReloadTime);
  if (!answer && answer.error().code == Errc::not_found) {
    fmt::print(stderr, "bansoko-lockdown does not run; it will read this at its start\n");
    return kOk;
  }
  if (!answer) return complain(answer.error());
  const auto parsed = nlohmann::json::parse(*answer, nullptr, false);
  if (parsed.is_object() && parsed.value("ok", nlohmann::json()) == true) {
    fmt::print(stderr, "in force\n");
    return kOk;
  }
  const auto reason = parsed.is_object() ? parsed.value("error", nlohmann::json()) : nlohmann::json();
  return complain({Errc::invalid, "bansoko-lockdown goes on with what it had: " +
                                      (reason.is_string() ? printable(reason.get<std::string>())
                                                          : std::string("its answer cannot be read"))});
}

Result<std::int64_t> seconds_of(std::string_view text) {
  std::string amount(text);
  if (amount.size() >= 2 && amount.back() == 'm') amount += "in";
  BANSOKO_TRY(const std::uint64_t nanoseconds, settings::parse_amount(amount, settings::Unit::nanoseconds));
  return static_cast<std::int64_t>(nanoseconds / 1'000'000'000);
}

std::int64_t now_in_seconds() { return std::time(nullptr); }

std::string time_text(std::int64_t seconds) {
  return fmt::format("{:%Y-%m-%d %H:%M:%S} UTC", fmt::gmtime(static_cast<std::time_t>(seconds)));
}

std::string line_of(const approved::Entry& entry) {
  return fmt::format("{:.16}  {:<8}  {:<8}  {}{}", identity::to_text(entry.digest), name_of(entry.kind),
                     name_of(entry.origin), printable(entry.path),
                     entry.package.empty() ? "" : fmt::format("  ({})", printable(entry.package)));
}

std::string text_of(const approved::Difference& difference) {
  return lines_of("+", difference.added) + lines_of("~", difference.changed) +
         lines_of("-", difference.removed) +
         fmt::format("{} added, {} changed, {} removed\n", difference.added.size(), difference.changed.size(),
                     difference.removed.size());
}

bool is_agreed(bool said_yes, std::string_view question) {
  if (said_yes) return true;
  if (::isatty(STDIN_FILENO) != 1) {
    print("nothing was changed; with --yes it is\n");
    return false;
  }
  print(fmt::format("{} [y/N] ", question));
  std::fflush(stdout);
  std::string answer;
  std::getline(std::cin, answer);
  const bool yes = answer == "y" || answer == "yes";
  if (!yes) print("nothing was changed\n");
  return yes;
}

}  // namespace bansoko::app
