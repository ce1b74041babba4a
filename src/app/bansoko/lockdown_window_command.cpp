// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <unistd.h>
#include <CLI/CLI.hpp>

#include "app/bansoko/lockdown_commands.h"
#include "app/bansoko/lockdown_disk.h"
#include "app/bansoko/lockdown_host.h"
#include "app/bansoko/output.h"
#include "base/file.h"
#include "base/printable.h"
#include "lockdown/approved/list_file.h"
#include "lockdown/scan/unapproved.h"
#include "lockdown/state/state.h"

namespace bansoko::app {
namespace {

using state::Window;

constexpr std::int64_t kLongest = std::int64_t{31} * 86'400;  // seconds

struct Options {
  std::string config, time, note;
  std::vector<std::string> paths;
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

/// What was shown is what can be approved, and nothing that came later.
std::string path_of_shown(const lockdown::LockdownSettings& settings) {
  return settings.state_folder + "/window.list";
}

/// Code that came or changed since the window was opened and that the list does not have.
Result<> show_what_came(const lockdown::LockdownSettings& settings, const Window& window,
                        const std::vector<std::string>& paths) {
  BANSOKO_TRY(const auto store, approved::Store::open(settings.state_folder));
  BANSOKO_TRY(const auto list, list_or_empty(store));
  BANSOKO_TRY(const scan::Scan disk, scan_of_disk(settings, paths));
  std::vector<approved::Entry> entries;
  for (const std::size_t place : scan::unapproved(disk, *list, window.opened)) {
    const scan::Found& found = disk.found[place];
    print(fmt::format("+ {}\n", line_of(found)));
    entries.push_back({.digest = found.digest,
                       .kind = found.kind,
                       .language = is_native(found.kind) ? identity::language_of_program(found.path)
                                                         : identity::Language::none,
                       .origin = approved::Origin::window,
                       .path = found.path,
                       .package = found.package});
  }
  const auto shown =
      approved::List::make({.generation = window.generation, .made = now_in_seconds()}, entries);
  BANSOKO_CHECK(write_file_atomic(path_of_shown(settings), list_bytes(*shown), 0600));
  print(fmt::format("{} files came or changed since {} and are not approved\n", shown->size(),
                    time_text(window.opened)));
  return {};
}

Result<int> close(const Options& options) {
  BANSOKO_TRY(const auto settings, lockdown_settings(options.config));
  BANSOKO_TRY(Window window, window_there(settings));
  int done = kOk;
  if (window.closed == 0) {
    window.closed = now_in_seconds();
    BANSOKO_CHECK(state::write(settings.state_folder, window));
    tell(settings, "lockdown.window_closed", with_reason("the maintenance window is closed", options.note),
         window.generation);
    print(fmt::format("closed {}\n", time_text(window.closed)));
    done = have_it_read_again(settings);
  }
  BANSOKO_CHECK(show_what_came(settings, window, options.paths));
  print("bansoko lockdown window approve, or: window refuse\n");
  return done;
}

/// A file of another window, left behind, is not taken for this one's.
Result<std::shared_ptr<const approved::List>> what_was_shown(const lockdown::LockdownSettings& settings,
                                                             const Window& window) {
  constexpr std::size_t kLargest = std::size_t{2} << 30U;
  const auto bytes = read_file(path_of_shown(settings), kLargest);
  if (!bytes && bytes.error().code != Errc::not_found) return tl::unexpected<Error>(bytes.error());
  if (bytes) {
    BANSOKO_TRY(auto shown, approved::read_list(as_bytes(*bytes)));
    if (shown->head().made >= window.opened) return shown;
  }
  return fail(Errc::not_found, "what came was not shown yet: bansoko lockdown window close");
}

Result<int> approve(const Options& options) {
  BANSOKO_TRY(const auto settings, lockdown_settings(options.config));
  BANSOKO_TRY(const Window window, window_there(settings));
  if (is_open(window, now_in_seconds())) return fail(Errc::denied, "it is open: close it first");
  BANSOKO_TRY(const auto shown, what_was_shown(settings, window));
  BANSOKO_TRY(auto store, approved::Store::open(settings.state_folder));
  const std::string what =
      with_reason("window of " + time_text(window.opened), options.note.empty() ? window.note : options.note);
  approved::Change change{.reason = what};
  for (std::size_t i = 0; i < shown->size(); ++i) change.add.push_back(shown->at_by_path(i));
  BANSOKO_TRY(const auto list, store.commit(change));
  BANSOKO_CHECK(state::remove_window(settings.state_folder));
  ::unlink(path_of_shown(settings).c_str());
  tell(settings, "lockdown.window_approved", fmt::format("{}: {} files", what, shown->size()),
       list->head().generation);
  print(fmt::format("{} files approved; generation {}: {} entries\n", shown->size(), list->head().generation,
                    list->size()));
  return have_it_read_again(settings);
}

Result<int> refuse(const Options& options) {
  BANSOKO_TRY(const auto settings, lockdown_settings(options.config));
  BANSOKO_TRY(const Window window, window_there(settings));
  if (is_open(window, now_in_seconds())) return fail(Errc::denied, "it is open: close it first");
  BANSOKO_CHECK(state::remove_window(settings.state_folder));
  ::unlink(path_of_shown(settings).c_str());
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
  auto* closing = add(
      "close", "Unknown code does not start any more; show what came. Again: look at the disks again", close);
  closing->add_option("--note", options->note, "why");
  closing->add_option("--path", options->paths, "look only here; by default at every local filesystem");
  add("approve", "All that 'close' has shown is approved", approve)
      ->add_option("--note", options->note, "why");
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
