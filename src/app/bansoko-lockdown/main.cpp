// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <CLI/CLI.hpp>

#include "base/log.h"
#include "lockdown/engine/daemon.h"

namespace {

using bansoko::Result;
using bansoko::lockdown::LockdownSettings;

struct Options {
  std::string config = "/etc/bansoko/bansoko.yaml";
  std::string mode;
};

/// The file's settings, with what the command line says in their place.
Result<LockdownSettings> read_settings(const Options& options, const bansoko::log::Logger& log) {
  bansoko::settings::Faults faults;
  auto settings = bansoko::lockdown::load_settings(options.config, faults);
  for (const auto& fault : faults) log.error("{}", to_text(fault));
  if (!settings || options.mode.empty()) return settings;
  using bansoko::policy::Mode;
  settings->mode = options.mode == "enforce" ? Mode::enforce : Mode::observe;
  return settings;
}

}  // namespace

// What CLI11 throws beyond its own parse errors is a bug of ours: ending is right.
// NOLINTNEXTLINE(bugprone-exception-escape)
int main(int argc, char** argv) {
  Options options;
  CLI::App program(
      "The lockdown: only registered programs, libraries and scripts start. Exit code 1: it could not start.",
      "bansoko-lockdown");
  program.set_version_flag("--version", BANSOKO_VERSION);
  program.add_option("--config", options.config, "settings")->capture_default_str();
  program.add_option("--mode", options.mode, "observe or enforce, instead of the settings'")
      ->check(CLI::IsMember({"observe", "enforce"}));
  CLI11_PARSE(program, argc, argv);

  const bansoko::log::Logger log;
  const bansoko::lockdown::ReadSettings read_again = [&] { return read_settings(options, log); };
  const auto settings = read_again();
  const auto done = settings ? bansoko::lockdown::run_daemon(*settings, read_again, log)
                             : Result<>(tl::unexpected<bansoko::Error>(settings.error()));
  if (done) return 0;
  log.error("{}", done.error().message);
  return 1;
}
