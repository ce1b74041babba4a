// SPDX-License-Identifier: Apache-2.0
#include <charconv>
#include <chrono>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "app/bansoko/lockdown_commands.h"
#include "app/bansoko/output.h"
#include "base/file.h"
#include "lockdown/harden/change.h"
#include "lockdown/harden/check.h"
#include "lockdown/harden/drop_in.h"
#include "lockdown/harden/gather.h"
#include "lockdown/harden/kernel_settings.h"
#include "lockdown/harden/learn.h"
#include "lockdown/harden/learned_file.h"
#include "lockdown/harden/places.h"
#include "lockdown/harden/status.h"
#include "lockdown/harden/systemd.h"

namespace bansoko::app {
namespace {

/// The service did not bear the change, and runs as before.
constexpr int kTakenBack = 3;
/// It does not run well after that either.
constexpr int kBroken = 4;

struct Options {
  std::string service, learn;
  std::vector<std::string> checks;
  bool plan = false, apply = false, withdraw = false, status = false, restart = false, strict = false,
       kernel = false;
};

/// "90", "90s", "10m" or "2h"; at most a week.
Result<std::chrono::seconds> parse_time(std::string_view given) {
  constexpr long kMinute = 60;
  constexpr long kHour = 3600;
  constexpr long kWeek = 604'800;
  long number = 0;
  const auto [end, error] = std::from_chars(given.data(), given.data() + given.size(), number);
  const std::string_view unit(end, static_cast<std::size_t>(given.data() + given.size() - end));
  const long factor = unit.empty() || unit == "s" ? 1 : unit == "m" ? kMinute : unit == "h" ? kHour : 0;
  if (error != std::errc() || factor == 0 || number < 1 || number > kWeek / factor)
    return fail(Errc::invalid, "--learn: '{}' is not a time such as 90s, 10m or 2h, of a week at most",
                given);
  return std::chrono::seconds(number * factor);
}

/// At once, also into a pipe: a restart may take minutes.
void say(const std::string& text) {
  print(text + "\n");
  std::fflush(stdout);
}

Result<harden::Wish> wish_of(const Options& options) {
  harden::Wish wish;
  wish.restart = options.restart;
  for (const std::string& given : options.checks) {
    BANSOKO_TRY(harden::Check check, harden::parse_check(given));
    wish.checks.push_back(std::move(check));
  }
  if (!wish.checks.empty() && !wish.restart)
    return fail(Errc::invalid, "--check needs --restart: without one the service runs on as it is");
  return wish;
}

Result<harden::Facts> facts_of(harden::Target& target, const Options& options) {
  BANSOKO_TRY(harden::Facts facts, harden::gather(target.systemd, target.files, target.service));
  facts.strict = options.strict;
  if (const auto why = harden::refusal(facts); why) return fail(Errc::denied, "{}: {}", target.service, *why);
  return facts;
}

int tell(const harden::Outcome outcome, const std::string& service) {
  switch (outcome) {
    case harden::Outcome::in_force:
      say(fmt::format("{} runs with the change", service));
      return kOk;
    case harden::Outcome::at_next_start:
      say(fmt::format("the change holds from the next start of {} (--restart does it now)", service));
      return kOk;
    case harden::Outcome::taken_back:
      say(fmt::format("{} runs as before", service));
      return kTakenBack;
    case harden::Outcome::broken:
      say(fmt::format("{} does not run as before: look at it now", service));
      return kBroken;
  }
  return kFailed;
}

Result<int> plan(harden::Target& target, const Options& options) {
  BANSOKO_TRY(const auto facts, facts_of(target, options));
  const harden::Plan made = harden::make_plan(facts);
  print(harden::to_text(made));
  print(fmt::format("\n{} would hold:\n\n{}", target.files.drop_in(), harden::to_drop_in(made)));
  return kOk;
}

Result<int> learn(harden::Target& target, const Options& options) {
  BANSOKO_TRY(const auto time, parse_time(options.learn));
  BANSOKO_TRY(const auto there, target.files.state());
  if (there == harden::DropInState::ours)
    return fail(Errc::invalid,
                "with the drop-in in force, refused calls are not heard: --withdraw --restart first");
  BANSOKO_TRY(const auto facts, facts_of(target, options));
  if (facts.now.habits.contains(harden::Habit::other_machine))
    return fail(Errc::unsupported, "{}: the calls of such programs are not told apart",
                facts.now.habits.at(harden::Habit::other_machine));
  if (facts.now.processes == 0)
    return fail(Errc::invalid, "{} does not run: there is nothing to hear (systemctl start {})",
                target.service, target.service);
  const std::string group(harden::property(facts.unit, "ControlGroup"));
  const auto restart = [&target] { return target.systemd.restart(target.service); };
  say(fmt::format("listening to {} for {} s{}", target.service, time.count(),
                  options.restart ? ", with a restart" : ""));
  BANSOKO_TRY(harden::Learned heard,
              harden::learn(group, time, options.restart ? std::function<Result<>()>(restart) : nullptr));
  harden::Learned all = facts.learned.value_or(harden::Learned{});
  harden::merge(all, heard);
  BANSOKO_CHECK(target.files.remember(all));
  say(fmt::format("heard {} calls now, {} in all of {} s, besides those of every program; {} samples lost",
                  heard.calls.size(), all.calls.size(), all.seconds, heard.lost));
  return kOk;
}

Result<int> apply(harden::Target& target, const Options& options) {
  BANSOKO_TRY(const auto wish, wish_of(options));
  BANSOKO_TRY(const auto facts, facts_of(target, options));
  const harden::Plan made = harden::make_plan(facts);
  BANSOKO_CHECK(target.files.remember(harden::own_settings(facts.unit)));
  BANSOKO_TRY(const harden::Outcome outcome, harden::apply(target, harden::to_drop_in(made), wish));
  return tell(outcome, target.service);
}

Result<int> withdraw(harden::Target& target, const Options& options) {
  BANSOKO_TRY(const auto wish, wish_of(options));
  BANSOKO_TRY(const harden::Outcome outcome, harden::withdraw(target, wish));
  return tell(outcome, target.service);
}

/// systemd's own name of the service: "sshd" may be another name of ssh.service, and only drop-ins of the
/// real one are heeded everywhere.
Result<std::string> real_name(harden::Systemd& systemd, const std::string& given) {
  BANSOKO_TRY(const std::string name, harden::service_name(given));
  BANSOKO_TRY(const auto unit, systemd.show(name));
  const std::string_view id = harden::property(unit, "Id");
  return harden::service_name(id.empty() ? name : id);
}

Result<int> change(harden::Target& target, const Options& options) {
  BANSOKO_TRY(const UniqueFd lock, target.files.lock());
  BANSOKO_TRY(const bool repaired, harden::repair(target));
  if (options.withdraw && repaired) {
    BANSOKO_TRY(const auto there, target.files.state());
    if (there == harden::DropInState::absent) return tell(harden::Outcome::in_force, target.service);
  }
  if (options.withdraw) return withdraw(target, options);
  return options.apply ? apply(target, options) : learn(target, options);
}

Result<int> run_service(const Options& options) {
  harden::SystemctlProgram systemd;
  harden::HostAsker asker;
  BANSOKO_TRY(const std::string service, real_name(systemd, options.service));
  const harden::ServiceFiles files({}, service);
  harden::Target target{service, files, systemd, asker, say};
  if (options.status) {
    BANSOKO_TRY(const std::string text, harden::status_text(systemd, files, service));
    print(text);
    return kOk;
  }
  if (options.apply || options.withdraw || !options.learn.empty()) return change(target, options);
  return plan(target, options);
}

Result<int> run_kernel(const Options& options) {
  if (!options.service.empty()) return fail(Errc::invalid, "--kernel takes no service");
  const harden::KernelFiles files;
  if (options.apply) {
    BANSOKO_TRY(const std::string text, harden::apply_kernel(files));
    print(text);
  } else if (options.withdraw) {
    BANSOKO_TRY(const std::string text, harden::withdraw_kernel(files));
    print(text);
  } else {
    print(harden::kernel_text(harden::kernel_plan(files)));
  }
  return kOk;
}

Result<int> run(const Options& options) {
  if (options.kernel) return run_kernel(options);
  if (!options.service.empty()) return run_service(options);
  if (!options.status) return fail(Errc::invalid, "which service? (or --status alone, for all; or --kernel)");
  harden::SystemctlProgram systemd;
  BANSOKO_TRY(const std::string text, harden::status_of_all(systemd, {}));
  print(text);
  return kOk;
}

void add_options(CLI::App& command, Options& options) {
  command.add_option("service", options.service, "the service, as systemd names it");
  auto* what = command.add_option_group("what to do", "without one of these: --plan");
  what->add_flag("--plan", options.plan, "show the drop-in, each line with its reason and its risk");
  what->add_option(
      "--learn", options.learn,
      "listen for so long (90s, 10m, 2h) to the system calls of the service; several times add up");
  what->add_flag("--apply", options.apply,
                 "write the drop-in; it holds from the next start, or with --restart");
  what->add_flag("--withdraw", options.withdraw, "take the drop-in away");
  what->add_flag("--status", options.status, "whether there is a drop-in and whether it is in force");
  what->require_option(0, 1);
  command.add_flag("--restart", options.restart, "restart the service");
  command.add_flag("--strict", options.strict, "allow the calls that were heard, and no other");
  command.add_option(
      "--check", options.checks,
      "a command, tcp:HOST:PORT or http://HOST/PATH that must answer before and after; may be given again");
  command.add_flag("--kernel", options.kernel, "settings of the kernel (sysctl) instead of a service");
}

}  // namespace

void add_lockdown_harden_command(CLI::App& lockdown, int& exit_code) {
  auto* command = lockdown.add_subcommand(
      "harden",
      "Take from a service what it does not need, by a drop-in for systemd; or from all, by sysctls");
  const auto options = std::make_shared<Options>();
  add_options(*command, *options);
  command->callback([options, &exit_code] {
    const auto done = run(*options);
    exit_code = done ? *done : complain(done.error());
  });
}

}  // namespace bansoko::app
