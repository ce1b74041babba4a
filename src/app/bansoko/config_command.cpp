// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <iterator>
#include <memory>
#include <string>

#include <fmt/core.h>
#include <CLI/CLI.hpp>

#include "app/bansoko/commands.h"
#include "app/bansoko/lockdown_host.h"
#include "app/bansoko/output.h"
#include "app/bansoko/settings_file.h"
#include "base/file.h"
#include "lockdown/engine/settings.h"
#include "patches/engine_library.h"

namespace bansoko::app {
namespace {

struct Options {
  std::string file;
  bool defaults = false;
};

/// What is wrong in the part `assess`; faults of the file as a whole are known already.
void add_faults_of_assess(const std::string& file, settings::Faults& faults) {
  const auto text = read_file(file, settings::kMaxFileSize);
  settings::Faults found;
  if (!text || assess::parse_settings(*text, file, found)) return;
  std::ranges::copy_if(found, std::back_inserter(faults),
                       [](const settings::Fault& fault) { return fault.key.starts_with("assess"); });
}

int check(const std::string& file) {
  settings::Faults faults;
  const auto settings =
      engine::load_settings(file, proto::all_protocols(), faults, patches::library_for_engine);
  const auto lockdown = lockdown::load_settings(file, faults);
  add_faults_of_assess(file, faults);
  for (const settings::Fault& fault : faults) print(to_text(fault) + "\n");
  if (!settings && faults.empty()) return complain(settings.error());
  if (!faults.empty()) return kFailed;
  print(fmt::format("{}: the settings are valid\n", file));
  return kOk;
}

int show(const Options& options) {
  if (options.defaults) {
    print(engine::default_settings_yaml(proto::all_protocols()) + "\n" + lockdown::default_settings_yaml() +
          "\n" + assess::settings_yaml({}, settings::Comments::all));
    return kOk;
  }
  const auto settings = settings_in_force(options.file);
  if (!settings) return complain(settings.error());
  const auto lockdown = lockdown_settings(options.file);
  if (!lockdown) return complain(lockdown.error());
  const auto assess = assess_settings(options.file);
  if (!assess) return complain(assess.error());
  print(engine::settings_yaml(*settings, proto::all_protocols()) + lockdown::settings_yaml(*lockdown) +
        assess::settings_yaml(*assess, settings::Comments::none));
  return kOk;
}

}  // namespace

void add_config_command(CLI::App& program, int& exit_code) {
  auto* config = program.add_subcommand("config", "Work with the settings");
  config->require_subcommand(1);
  const auto options = std::make_shared<Options>();
  auto* checking =
      config->add_subcommand("check", "Report every fault with its line. Exit code 1 if there is one");
  checking->add_option("FILE", options->file, fmt::format("by default {}", kSettingsFile));
  checking->callback(
      [options, &exit_code] { exit_code = check(options->file.empty() ? kSettingsFile : options->file); });
  auto* showing = config->add_subcommand("show", "Print the settings in force");
  showing->add_option("FILE", options->file, fmt::format("by default {}, or the defaults", kSettingsFile));
  showing->add_flag("--defaults", options->defaults, "print the commented default file instead");
  showing->callback([options, &exit_code] { exit_code = show(*options); });
}

}  // namespace bansoko::app
