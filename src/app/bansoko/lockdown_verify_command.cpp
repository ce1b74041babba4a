// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <fnmatch.h>
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "app/bansoko/lockdown_commands.h"
#include "app/bansoko/lockdown_file.h"
#include "app/bansoko/lockdown_host.h"
#include "app/bansoko/output.h"
#include "base/printable.h"

namespace bansoko::app {
namespace {

using approved::Entry;
using approved::List;
using nlohmann::json;

constexpr int kDrift = 2;

struct Options {
  std::string config, path, form = "text";
};

enum class State : std::uint8_t { same, replaced, changed, gone, unreadable };
constexpr std::array<std::string_view, 5> kStates{"same", "replaced", "changed", "gone", "unreadable"};

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
  std::size_t paths = 0;
};

Found look(const List& list, const std::string& pattern) {
  Found found;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const std::string_view path = list.at_by_path(i).path;
    if (i > 0 && list.at_by_path(i - 1).path == path) continue;
    if (!pattern.empty() && ::fnmatch(pattern.c_str(), std::string(path).c_str(), 0) != 0) continue;
    ++found.paths;
    Drift drift = state_of_path(list, path);
    ++found.counts.at(static_cast<std::size_t>(drift.state));
    if (drift.state != State::same) found.drifts.push_back(std::move(drift));
  }
  return found;
}

std::string text_of(const Found& found) {
  std::string text;
  for (const Drift& drift : found.drifts)
    text += fmt::format("{:<10}  {}{}\n", kStates.at(static_cast<std::size_t>(drift.state)),
                        printable(drift.path),
                        drift.state == State::unreadable ? "  " + printable(drift.now) : std::string());
  text += fmt::format("{} paths:", found.paths);
  for (std::size_t i = 0; i < kStates.size(); ++i)
    text += fmt::format("{} {} {}", i == 0 ? "" : ",", found.counts.at(i), kStates.at(i));
  return text + "\n";
}

std::string json_of(const Found& found, const List& list) {
  json drifts = json::array();
  for (const Drift& drift : found.drifts)
    drifts.push_back({{"path", drift.path},
                      {"state", kStates.at(static_cast<std::size_t>(drift.state))},
                      {"now", drift.now}});
  json object{{"generation", list.head().generation}, {"paths", found.paths}, {"drift", std::move(drifts)}};
  return object.dump(-1, ' ', false, json::error_handler_t::replace) + "\n";
}

Result<int> run(const Options& options) {
  BANSOKO_TRY(const auto settings, lockdown_settings(options.config));
  BANSOKO_TRY(const auto store, approved::Store::open(settings.state_folder));
  BANSOKO_TRY(const auto list, newest_list(store));
  const Found found = look(*list, options.path);
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
  command->add_option("--path", options->path, "only paths of this pattern; '*' stands for any characters");
  command->add_option("--format", options->form, "text or json")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
  run_as(*command, exit_code, [options] { return run(*options); });
}

}  // namespace bansoko::app
