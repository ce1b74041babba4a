// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <filesystem>
#include <memory>
#include <string>
#include <system_error>
#include <vector>

#include <fmt/format.h>
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "app/bansoko/lockdown_commands.h"
#include "app/bansoko/lockdown_disk.h"
#include "app/bansoko/lockdown_file.h"
#include "app/bansoko/lockdown_host.h"
#include "app/bansoko/output.h"
#include "base/printable.h"
#include "lockdown/scan/unapproved.h"

namespace bansoko::app {
namespace {

using approved::List;
using nlohmann::json;

constexpr int kDrift = 2;

struct Options {
  std::string config, form = "text";
  std::vector<std::string> paths;
  bool listed_only = false;
};

enum class State : std::uint8_t { same, replaced, changed, gone, unreadable, unapproved };
constexpr std::array<std::string_view, 6> kStates{"same", "replaced",   "changed",
                                                  "gone", "unreadable", "unapproved"};

struct Drift {
  std::string path = {};
  State state = State::same;
  std::string now = {};  // its digest, or why it cannot be read
};

Drift state_of_path(const List& list, std::string_view path) {
  Drift drift{.path = std::string(path)};
  const auto file = identify(drift.path);
  if (!file) {
    drift.state = file.error().code == Errc::not_found ? State::gone : State::unreadable;
    drift.now = file.error().message;
    return drift;
  }
  drift.now = identity::to_text(file->digest);
  if (list.contains(file->digest, path)) return drift;
  // By its content it still starts: what came there is approved elsewhere.
  drift.state = list.find(file->digest) == List::npos ? State::changed : State::replaced;
  return drift;
}

struct Found {
  std::array<std::size_t, kStates.size()> counts{};
  std::vector<Drift> drifts;
};

bool is_at_or_below(std::string_view path, const std::vector<std::string>& folders) noexcept {
  return folders.empty() || std::ranges::any_of(folders, [&](std::string_view folder) {
           if (folder == "/") return true;
           return path.starts_with(folder) && (path.size() == folder.size() || path[folder.size()] == '/');
         });
}

void put(Found& found, Drift drift) {
  ++found.counts.at(static_cast<std::size_t>(drift.state));
  if (drift.state != State::same) found.drifts.push_back(std::move(drift));
}

void look_at_listed(const List& list, const std::vector<std::string>& folders, Found& found) {
  for (std::size_t i = 0; i < list.size(); ++i) {
    const std::string_view path = list.at_by_path(i).path;
    const bool was_looked_at = i > 0 && list.at_by_path(i - 1).path == path;
    if (!was_looked_at && is_at_or_below(path, folders)) put(found, state_of_path(list, path));
  }
}

/// One whose path is on the list has been told as changed.
Result<> look_for_others(const lockdown::LockdownSettings& settings, const List& list,
                         const std::vector<std::string>& folders, Found& found) {
  BANSOKO_TRY(const scan::Scan disk, scan_of_disk(settings, folders));
  for (const std::size_t place : scan::unapproved(disk, list, 0)) {
    const scan::Found& file = disk.found[place];
    if (list.find_path(file.path) == List::npos)
      put(found, {.path = file.path, .state = State::unapproved, .now = identity::to_text(file.digest)});
  }
  return {};
}

std::string text_of(const Found& found) {
  std::string text;
  for (const Drift& drift : found.drifts)
    text += fmt::format("{:<10}  {}{}\n", kStates.at(static_cast<std::size_t>(drift.state)),
                        printable(drift.path),
                        drift.state == State::unreadable ? "  " + printable(drift.now) : std::string());
  for (std::size_t i = 0; i < kStates.size(); ++i)
    text += fmt::format("{}{} {}", i == 0 ? "" : ", ", found.counts.at(i), kStates.at(i));
  return text + "\n";
}

std::string json_of(const Found& found, const List& list) {
  json drifts = json::array();
  for (const Drift& drift : found.drifts)
    drifts.push_back({{"path", drift.path},
                      {"state", kStates.at(static_cast<std::size_t>(drift.state))},
                      {"now", drift.now}});
  json object{
      {"generation", list.head().generation}, {"same", found.counts.front()}, {"drift", std::move(drifts)}};
  return object.dump(-1, ' ', false, json::error_handler_t::replace) + "\n";
}

/// As the list and the kernel name them.
Result<std::vector<std::string>> without_links(const std::vector<std::string>& paths) {
  std::vector<std::string> real;
  for (const std::string& path : paths) {
    std::error_code error;
    real.push_back(std::filesystem::canonical(path, error).string());
    if (error) return fail(Errc::not_found, "cannot find {}: {}", path, error.message());
  }
  return real;
}

Result<int> run(const Options& options) {
  BANSOKO_TRY(const auto settings, lockdown_settings(options.config));
  BANSOKO_TRY(const auto store, approved::Store::open(settings.state_folder));
  BANSOKO_TRY(const auto list, newest_list(store));
  BANSOKO_TRY(const auto folders, without_links(options.paths));
  Found found;
  look_at_listed(*list, folders, found);
  if (!options.listed_only) BANSOKO_CHECK(look_for_others(settings, *list, folders, found));
  print(options.form == "json" ? json_of(found, *list) : text_of(found));
  return found.drifts.empty() ? kOk : kDrift;
}

}  // namespace

void add_lockdown_verify_command(CLI::App& lockdown, int& exit_code) {
  auto* command = lockdown.add_subcommand("verify",
                                          "Compare the files of the approved list with the disk. Exit code "
                                          "0: all are as approved; 2: some are not");
  const auto options = std::make_shared<Options>();
  add_config(*command, options->config);
  command->add_option("PATH", options->paths, "look only there; by default at every local filesystem");
  command->add_flag("--listed-only", options->listed_only, "do not look for code that is not approved");
  command->add_option("--format", options->form, "text or json")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
  run_as(*command, exit_code, [options] { return run(*options); });
}

}  // namespace bansoko::app
