// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include <fmt/core.h>
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "app/bansoko/commands.h"
#include "app/bansoko/output.h"
#include "app/bansoko/settings_file.h"
#include "base/printable.h"
#include "service/control.h"
#include "shield/engine/daemon.h"
#include "shield/engine/status.h"

namespace bansoko::app {
namespace {

using namespace std::chrono_literals;

constexpr auto kStatusTime = 5s;
constexpr auto kReloadTime = 300s;
constexpr int kCritical = static_cast<int>(engine::Health::critical);

struct Options {
  std::string config;
  std::string socket;
  bool check = false;
  bool json = false;
  std::string address;  // of quarantine
};

Result<std::string> ask_line(const Options& options, std::string_view request,
                             std::chrono::milliseconds wait) {
  std::string socket = options.socket;
  if (socket.empty()) {
    BANSOKO_TRY(const engine::ShieldSettings settings, settings_in_force(options.config));
    socket = settings.control_socket;
  }
  return service::ask_control(socket, request, wait);
}

Result<std::string> ask(const Options& options, std::string_view command, std::chrono::milliseconds wait) {
  return ask_line(options, fmt::format(R"({{"command":"{}"}})", command), wait);
}

int status(const Options& options) {
  const auto answer = ask(options, "status", kStatusTime);
  if (!answer) {
    if (options.check)
      print(fmt::format("critical: {}\n", answer.error().message));
    else
      complain(answer.error());
    return kCritical;
  }
  const engine::CheckResult result = engine::check_answer(*answer);
  if (options.check)
    print(printable(result.line) + "\n");
  else
    print(options.json ? *answer + "\n" : engine::status_table(*answer));
  return result.code;
}

/// Why the engine refused, as it said it.
std::string reason_in(const nlohmann::json& answer) {
  const nlohmann::json reason = answer.value("error", nlohmann::json());
  return reason.is_string() ? printable(reason.get<std::string>()) : "no reason was given";
}

/// What the reload has left as it was, of what the file says.
std::string restart_note(const nlohmann::json& answer) {
  std::string names;
  for (const nlohmann::json& name : answer.value("need_restart", nlohmann::json::array()))
    if (name.is_string()) names += (names.empty() ? "" : ", ") + printable(name.get<std::string>());
  return names.empty() ? "" : "changed, but in force only after a restart: " + names + "\n";
}

int reload(const Options& options) {
  const auto answer = ask(options, "reload", kReloadTime);
  if (!answer) return complain(answer.error());
  if (options.json) print(*answer + "\n");
  const nlohmann::json parsed = nlohmann::json::parse(*answer, nullptr, false);
  if (!parsed.is_object() || !parsed.value("ok", nlohmann::json()).is_boolean())
    return complain({Errc::invalid, "the answer cannot be read"});
  const bool ok = parsed["ok"].get<bool>();
  if (!options.json && ok)
    print(fmt::format("{} rules in force, generation {}\n", parsed["rules"].dump(),
                      parsed["generation"].dump()));
  if (!options.json && ok) print(restart_note(parsed));
  if (!options.json && !ok)
    complain({Errc::invalid, "reload failed, the rules of before stay in force: " + reason_in(parsed)});
  return ok ? kOk : kFailed;
}

/// `step`: "add", "release", or empty to list only.
int quarantine(const Options& options, std::string_view step) {
  nlohmann::json request{{"command", "quarantine"}};
  if (!step.empty()) request[std::string(step)] = options.address;
  using nlohmann::json;
  const auto answer =
      ask_line(options, request.dump(-1, ' ', true, json::error_handler_t::replace), kStatusTime);
  if (!answer) return complain(answer.error());
  const json parsed = json::parse(*answer, nullptr, false);
  if (!parsed.is_object() || !parsed.value("ok", json()).is_boolean())
    return complain({Errc::invalid, "the answer cannot be read"});
  if (!parsed["ok"].get<bool>()) return complain({Errc::invalid, reason_in(parsed)});
  if (options.json) {
    print(*answer + "\n");
    return kOk;
  }
  for (const json& one : parsed.value("quarantined", json::array())) {
    const auto word = [&one](const char* key) {
      const json value = one.is_object() ? one.value(key, json()) : json();
      return value.is_string() ? printable(value.get_ref<const std::string&>()) : std::string();
    };
    print(fmt::format("{:<40} until {}  {}\n", word("address"), word("until"), word("why")));
  }
  return kOk;
}

void add_quarantine(CLI::App& shield, const std::shared_ptr<Options>& options, int& exit_code) {
  auto* group = shield.add_subcommand("quarantine", "The sources of which nothing passes, for a time");
  group->require_subcommand(1);
  const auto add = [&](const char* name, const char* help, std::string_view step) {
    auto* command = group->add_subcommand(name, help);
    command->add_option("--config", options->config, fmt::format("settings, by default {}", kSettingsFile));
    command->add_option("--socket", options->socket, "its control socket, instead of the settings'");
    command->add_flag("--json", options->json, "the answer as it came");
    if (!step.empty()) command->add_option("address", options->address, "IPv4 or IPv6")->required();
    command->callback([options, &exit_code, step] { exit_code = quarantine(*options, step); });
  };
  add("list", "Who they are, until when and why", "");
  add("add", "Shut an address out, for recon.quarantine_time", "add");
  add("release", "Let it in again", "release");
}

void print_exception(const std::string& name, const nlohmann::json& said) {
  const auto word = [&said](const char* key) {
    const nlohmann::json value = said.is_object() ? said.value(key, nlohmann::json()) : nlohmann::json();
    return value.is_string() ? printable(value.get_ref<const std::string&>()) : value.dump();
  };
  const bool ended = word("ended") == "true";
  print(fmt::format("{:<24} {:>8} hits, {} {}  {}\n", printable(name), word("hits"),
                    ended ? "ended" : "until", word("until"), word("about")));
}

int exceptions(const Options& options) {
  const auto answer = ask(options, "status", kStatusTime);
  if (!answer) return complain(answer.error());
  const nlohmann::json parsed = nlohmann::json::parse(*answer, nullptr, false);
  if (!parsed.is_object() || !parsed.contains("exceptions"))
    return complain({Errc::invalid, "the answer cannot be read"});
  if (options.json) {
    print(parsed["exceptions"].dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
    return kOk;
  }
  for (const auto& [name, said] : parsed["exceptions"].items()) print_exception(name, said);
  return kOk;
}

int down(const Options& options) {
  auto settings = settings_in_force(options.config);
  if (!settings) {
    // In an emergency a fault in the file must not keep an operator from getting rid of our tables.
    complain(settings.error());
    fmt::print(stderr, "bansoko: going on with the default settings\n");
    settings = engine::default_settings(proto::all_protocols());
  }
  if (const auto done = engine::take_down(*settings); !done) return complain(done.error());
  print("nothing of the shield is left in the firewall\n");
  return kOk;
}

}  // namespace

void add_shield_command(CLI::App& program, int& exit_code) {
  auto* shield = program.add_subcommand("shield", "Ask and steer the running shield");
  shield->require_subcommand(1);
  const auto options = std::make_shared<Options>();
  const auto add = [&](const char* name, const char* help, std::function<int(const Options&)> action) {
    auto* command = shield->add_subcommand(name, help);
    command->add_option("--config", options->config, fmt::format("settings, by default {}", kSettingsFile));
    command->callback([options, &exit_code, action = std::move(action)] { exit_code = action(*options); });
    return command;
  };
  auto* asking =
      add("status", "Show its state. Exit code 0: well; 1: warning; 2: critical, or not running", status);
  asking->add_flag("--check", options->check, "one line for a monitoring system");
  asking->add_flag("--json", options->json, "the answer as it came");
  asking->add_option("--socket", options->socket, "its control socket, instead of the settings'");
  auto* reloading = add("reload",
                        "Put the rules as they stand in the files in force; other settings need a restart. "
                        "Exit code 1: it failed, and the rules of before stay",
                        reload);
  reloading->add_flag("--json", options->json, "the answer as it came");
  reloading->add_option("--socket", options->socket, "its control socket, instead of the settings'");
  auto* excepting =
      add("exceptions", "What is excepted, until when, and how often that was of use", exceptions);
  excepting->add_flag("--json", options->json, "one JSON object");
  excepting->add_option("--socket", options->socket, "its control socket, instead of the settings'");
  add_quarantine(*shield, options, exit_code);
  add("down", "After a crash: take our tables away and put the sysctls back as they were", down);
}

}  // namespace bansoko::app
