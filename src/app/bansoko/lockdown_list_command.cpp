// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <fnmatch.h>
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "app/bansoko/lockdown_commands.h"
#include "app/bansoko/lockdown_host.h"
#include "app/bansoko/output.h"
#include "base/printable.h"

namespace bansoko::app {
namespace {

using approved::Entry;
using nlohmann::json;

struct Options {
  std::string config, path, package, origin, kind, form = "text";
  std::uint64_t generation = 0;
};

bool fits(const std::string& pattern, std::string_view text) {
  return pattern.empty() || ::fnmatch(pattern.c_str(), std::string(text).c_str(), 0) == 0;
}

bool is_asked_for(const Entry& entry, const Options& options) {
  return fits(options.path, entry.path) && fits(options.package, entry.package) &&
         (options.origin.empty() || options.origin == name_of(entry.origin)) &&
         (options.kind.empty() || options.kind == name_of(entry.kind));
}

std::string text_of_json(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

json json_of(const Entry& entry) {
  return {{"path", std::string(entry.path)}, {"sha256", identity::to_text(entry.digest)},
          {"kind", name_of(entry.kind)},     {"language", name_of(entry.language)},
          {"origin", name_of(entry.origin)}, {"package", std::string(entry.package)}};
}

void print_text(const approved::List& list, const Options& options) {
  std::size_t shown = 0;
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (const Entry entry = list.at_by_path(i); is_asked_for(entry, options)) {
      print(line_of(entry) + "\n");
      ++shown;
    }
  }
  print(fmt::format("{} of {} entries; generation {} of {}: {}\n", shown, list.size(), list.head().generation,
                    time_text(list.head().made), printable(list.head().reason)));
}

/// Entry by entry: all at once would take many times the list's own memory.
void print_json(const approved::List& list, const Options& options) {
  print(fmt::format(R"({{"generation":{},"made":{},"reason":{},"entries":[)", list.head().generation,
                    list.head().made, text_of_json(list.head().reason)));
  bool first = true;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const Entry entry = list.at_by_path(i);
    if (!is_asked_for(entry, options)) continue;
    print((first ? "\n" : ",\n") + text_of_json(json_of(entry)));
    first = false;
  }
  print("\n]}\n");
}

Result<int> run(const Options& options) {
  BANSOKO_TRY(const auto settings, lockdown_settings(options.config));
  BANSOKO_TRY(const auto store, approved::Store::open(settings.state_folder));
  BANSOKO_TRY(const auto list,
              options.generation == 0 ? newest_list(store) : store.load_generation(options.generation));
  if (options.form == "json")
    print_json(*list, options);
  else
    print_text(*list, options);
  return kOk;
}

template <class E>
std::vector<std::string> names_of(std::size_t count) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < count; ++i) names.emplace_back(name_of(static_cast<E>(i)));
  return names;
}

}  // namespace

void add_lockdown_list_command(CLI::App& lockdown, int& exit_code) {
  auto* command = lockdown.add_subcommand("list", "Show the approved list, by path");
  const auto options = std::make_shared<Options>();
  add_config(*command, options->config);
  command->add_option("--path", options->path, "only paths of this pattern; '*' stands for any characters");
  command->add_option("--package", options->package, "only of packages of this pattern: 'coreutils *'");
  command->add_option("--origin", options->origin, "only for this reason on the list")
      ->check(CLI::IsMember(names_of<approved::Origin>(approved::kOrigins)));
  command->add_option("--kind", options->kind, "only of this kind")
      ->check(CLI::IsMember(names_of<identity::FileKind>(identity::kFileKinds)));
  command->add_option("--generation", options->generation, "an older list");
  command->add_option("--format", options->form, "text or json")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
  run_as(*command, exit_code, [options] { return run(*options); });
}

}  // namespace bansoko::app
