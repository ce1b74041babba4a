// SPDX-License-Identifier: Apache-2.0
#include <iostream>
#include <memory>
#include <string>

#include <fmt/format.h>
#include <unistd.h>
#include <CLI/CLI.hpp>

#include "app/bansoko/lockdown_commands.h"
#include "app/bansoko/lockdown_host.h"
#include "app/bansoko/output.h"
#include "base/file.h"
#include "lockdown/state/codes.h"
#include "lockdown/state/state.h"

namespace bansoko::app {
namespace {

constexpr std::int64_t kLongest = 86'400;  // seconds
constexpr std::size_t kLongestLine = 256;

struct Options {
  std::string config, code, reason, time = "30m";
  std::size_t count = 10;
};

Result<int> prepare(const Options& options) {
  BANSOKO_TRY(const auto settings, lockdown_settings(options.config));
  BANSOKO_CHECK(make_folder(settings.state_folder, 0700));
  BANSOKO_TRY(const auto codes, state::prepare_codes(settings.state_folder, options.count, now_in_seconds()));
  tell(settings, "lockdown.break_glass_prepared",
       with_reason(fmt::format("{} break-glass codes prepared", codes.size()), ""), 0);
  for (const std::string& code : codes) print(code + "\n");
  fmt::print(
      stderr,
      "Each works once. They are shown now and never again; print them, and keep them where the console "
      "is. Codes of before are void.\n");
  return kOk;
}

Result<int> show_status(const Options& options) {
  BANSOKO_TRY(const auto settings, lockdown_settings(options.config));
  const std::int64_t now = now_in_seconds();
  BANSOKO_TRY(const auto glass, state::read_break_glass(settings.state_folder));
  if (glass && is_open(*glass, now))
    print(fmt::format("open until {}, by {}: enforce is suspended\n", time_text(glass->until), glass->by));
  else
    print("not open\n");
  BANSOKO_TRY(const auto codes, state::read_codes(settings.state_folder));
  if (!codes) {
    print("no codes are prepared\n");
    return kOk;
  }
  print(fmt::format("{} of {} codes unused, prepared {}; {} wrong\n", unused(*codes), codes->codes.size(),
                    time_text(codes->prepared), codes->wrong));
  if (const std::int64_t until = locked_until(*codes, now); until != 0)
    print(fmt::format("no code is looked at until {}\n", time_text(until)));
  return kOk;
}

/// A code on the command line is seen by all who can see processes, and is kept in a shell's history.
std::string asked_for_code() {
  if (::isatty(STDIN_FILENO) == 1) fmt::print(stderr, "code: ");
  std::string line;
  char sign = 0;
  while (line.size() < kLongestLine && std::cin.get(sign) && sign != '\n') line += sign;
  return line;
}

std::string_view reason_of(state::Guess guess) noexcept {
  switch (guess) {
    case state::Guess::wrong:
      return "the code is wrong";
    case state::Guess::used_before:
      return "the code was used before";
    case state::Guess::locked:
      return "there were too many wrong codes, so none is looked at now";
    case state::Guess::none_prepared:
      return "no codes are prepared: bansoko lockdown break-glass prepare";
    case state::Guess::right:
      break;
  }
  return "";
}

Result<int> refuse(const lockdown::LockdownSettings& settings, const state::Tried& tried) {
  std::string why(reason_of(tried.guess));
  if (tried.locked_until != 0) why += fmt::format("; again from {}", time_text(tried.locked_until));
  tell(settings, "lockdown.break_glass_refused",
       with_reason(fmt::format("{} ({} wrong so far)", why, tried.wrong), ""), 0);
  return fail(Errc::denied, "{}", why);
}

Result<int> use(const Options& options) {
  BANSOKO_TRY(const auto settings, lockdown_settings(options.config));
  BANSOKO_TRY(const std::int64_t seconds, seconds_of(options.time));
  if (seconds <= 0 || seconds > kLongest)
    return fail(Errc::invalid, "--for: from 1 s to {} h", kLongest / 3600);
  const std::string code = options.code.empty() ? asked_for_code() : options.code;
  const std::int64_t now = now_in_seconds();
  BANSOKO_TRY(const state::Tried tried, state::try_code(settings.state_folder, code, now));
  if (tried.guess != state::Guess::right) return refuse(settings, tried);
  const state::BreakGlass glass{
      .opened = now, .until = now + seconds, .by = operator_name(), .note = options.reason};
  BANSOKO_CHECK(state::write(settings.state_folder, glass));
  print(fmt::format("enforce is suspended until {}; {} codes are left\n", time_text(glass.until),
                    tried.unused));
  // The engine first: an operator who breaks the glass has no time for a spool.
  const int done = have_it_read_again(settings);
  tell(settings, "lockdown.break_glass_used",
       with_reason("enforce is suspended until " + time_text(glass.until), options.reason), 0);
  return done;
}

Result<int> end(const Options& options) {
  BANSOKO_TRY(const auto settings, lockdown_settings(options.config));
  BANSOKO_TRY(const auto glass, state::read_break_glass(settings.state_folder));
  if (!glass) return fail(Errc::not_found, "it is not open");
  BANSOKO_CHECK(state::remove_break_glass(settings.state_folder));
  tell(settings, "lockdown.break_glass_ended", with_reason("enforce holds again", options.reason), 0);
  return have_it_read_again(settings);
}

}  // namespace

void add_lockdown_break_glass_command(CLI::App& lockdown, int& exit_code) {
  auto* command = lockdown.add_subcommand(
      "break-glass", "Suspend enforce for a time, with a code of those prepared; works without the engine");
  const auto options = std::make_shared<Options>();
  add_config(*command, options->config);
  command->add_option("CODE", options->code, "one of the codes; without it, it is read from standard input");
  command->add_option("--for", options->time, "how long: 30m, 2h; at most 24h")->capture_default_str();
  command->add_option("--reason", options->reason, "why; kept in the event");
  command->require_subcommand(0, 1);
  auto* preparing = command->add_subcommand("prepare", "Make new codes, and show them");
  add_config(*preparing, options->config);
  preparing->add_option("--count", options->count, "how many")
      ->check(CLI::Range(std::size_t{1}, state::kMaxCodes))
      ->capture_default_str();
  run_as(*preparing, exit_code, [options] { return prepare(*options); });
  auto* status = command->add_subcommand("status", "Is it open, and how many codes are left?");
  add_config(*status, options->config);
  run_as(*status, exit_code, [options] { return show_status(*options); });
  auto* ending = command->add_subcommand("end", "Enforce holds again, before the time is over");
  add_config(*ending, options->config);
  run_as(*ending, exit_code, [options] { return end(*options); });
  run_as(*command, exit_code, [options, command, &exit_code]() -> Result<int> {
    if (!command->get_subcommands().empty()) return exit_code;
    return use(*options);
  });
}

}  // namespace bansoko::app
