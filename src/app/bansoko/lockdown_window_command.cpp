// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <string>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "app/bansoko/lockdown_commands.h"
#include "app/bansoko/lockdown_host.h"
#include "app/bansoko/output.h"
#include "base/printable.h"
#include "lockdown/state/state.h"

namespace bansoko::app {
namespace {

using state::Window;

constexpr std::int64_t kLongest = std::int64_t{31} * 86'400;  // seconds

struct Options {
  std::string config, time, note;
};

/// 0: there is no list yet.
std::uint64_t generation_now(const approved::Store& store) {
  const auto list = newest_list(store);
  return list ? (*list)->head().generation : 0;
}

Result<int> open(const Options& options) {
  BANSOKO_TRY(const auto settings, lockdown_settings(options.config));
  BANSOKO_TRY(const auto store, approved::Store::open(settings.state_folder));
  BANSOKO_TRY(const auto before, state::read_window(settings.state_folder));
  if (before)
    return fail(Errc::denied, "the window of {} waits to be {}", time_text(before->opened),
                is_open(*before, now_in_seconds()) ? "closed" : "approved or refused");
  Window window{.opened = now_in_seconds(),
                .generation = generation_now(store),
                .by = operator_name(),
                .note = options.note};
  if (!options.time.empty()) {
    BANSOKO_TRY(const std::int64_t seconds, seconds_of(options.time));
    if (seconds <= 0 || seconds > kLongest) return fail(Errc::invalid, "--for: from 1 s to 31 d");
    window.until = window.opened + seconds;
  }
  BANSOKO_CHECK(state::write(settings.state_folder, window));
  const std::string end = window.until == 0 ? "it is closed" : time_text(window.until);
  tell(settings, "lockdown.window_opened",
       with_reason("a maintenance window is open until " + end, options.note), window.generation);
  print(fmt::format("open until {}\n", end));
  return have_it_read_again(settings);
}

Result<Window> window_there(const lockdown::LockdownSettings& settings) {
  BANSOKO_TRY(const auto window, state::read_window(settings.state_folder));
  if (!window) return fail(Errc::not_found, "there is no maintenance window");
  return *window;
}

Result<int> status(const Options& options) {
  BANSOKO_TRY(const auto settings, lockdown_settings(options.config));
  BANSOKO_TRY(const auto window, state::read_window(settings.state_folder));
  if (!window) {
    print("not open\n");
    return kOk;
  }
  print(fmt::format("opened   {} by {}\n", time_text(window->opened), printable(window->by)));
  if (!window->note.empty()) print(fmt::format("note     {}\n", printable(window->note)));
  if (window->until != 0) print(fmt::format("until    {}\n", time_text(window->until)));
  if (window->closed != 0) print(fmt::format("closed   {}\n", time_text(window->closed)));
  print(is_open(*window, now_in_seconds())
            ? "state    open: unknown code starts, and is told of\n"
            : "state    not open: what came meanwhile waits to be approved or refused\n");
  return kOk;
}

Result<int> close(const Options& options) {
  BANSOKO_TRY(const auto settings, lockdown_settings(options.config));
  BANSOKO_TRY(Window window, window_there(settings));
  if (window.closed == 0) {
    window.closed = now_in_seconds();
    BANSOKO_CHECK(state::write(settings.state_folder, window));
    tell(settings, "lockdown.window_closed", with_reason("the maintenance window is closed", options.note),
         window.generation);
  }
  print(fmt::format("closed {}\n", time_text(window.closed)));
  return have_it_read_again(settings);
}

Result<int> refuse(const Options& options) {
  BANSOKO_TRY(const auto settings, lockdown_settings(options.config));
  BANSOKO_TRY(const Window window, window_there(settings));
  if (is_open(window, now_in_seconds())) return fail(Errc::denied, "it is open: close it first");
  BANSOKO_CHECK(state::remove_window(settings.state_folder));
  tell(settings, "lockdown.window_refused",
       with_reason("nothing of the maintenance window of " + time_text(window.opened) + " is approved",
                   options.note),
       window.generation);
  print("nothing of it is approved\n");
  return have_it_read_again(settings);
}

}  // namespace

void add_lockdown_window_command(CLI::App& lockdown, int& exit_code) {
  auto* group = lockdown.add_subcommand(
      "window", "Maintenance: unknown code starts for a time, and is then approved or refused as a whole");
  group->require_subcommand(1);
  const auto options = std::make_shared<Options>();
  const auto add = [&](const char* name, const char* help, Result<int> (*action)(const Options&)) {
    auto* command = group->add_subcommand(name, help);
    add_config(*command, options->config);
    run_as(*command, exit_code, [options, action] { return action(*options); });
    return command;
  };
  auto* opening = add("open", "From now on; it outlives a restart", open);
  opening->add_option("--for", options->time, "how long: 2h; without it, until it is closed");
  opening->add_option("--note", options->note, "what is being done");
  add("status", "Is it open, since when, by whom?", status);
  add("close", "Unknown code does not start any more", close)->add_option("--note", options->note, "why");
  add("refuse", "Nothing that came meanwhile is approved", refuse)
      ->add_option("--note", options->note, "why");
}

void add_lockdown_confirm_command(CLI::App& lockdown, int& exit_code) {
  auto* command = lockdown.add_subcommand(
      "confirm", "Enforce does what it should: it does not fall back to observe by itself any more");
  const auto options = std::make_shared<Options>();
  add_config(*command, options->config);
  run_as(*command, exit_code, [options]() -> Result<int> {
    BANSOKO_TRY(const auto settings, lockdown_settings(options->config));
    BANSOKO_TRY(const auto store, approved::Store::open(settings.state_folder));
    BANSOKO_CHECK(
        state::write(settings.state_folder, {.confirmed = now_in_seconds(), .by = operator_name()}));
    tell(settings, "lockdown.confirmed", with_reason("enforce is confirmed", ""), generation_now(store));
    print("confirmed\n");
    return have_it_read_again(settings);
  });
}

}  // namespace bansoko::app
