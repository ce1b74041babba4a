// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <CLI/CLI.hpp>

#include "base/log.h"
#include "patches/engine_library.h"
#include "shield/engine/daemon.h"
#include "shield/engine/supervisor.h"

namespace {

using bansoko::Result;
using bansoko::engine::ShieldSettings;

struct Options {
  std::string config = "/etc/bansoko/bansoko.yaml";
  std::string driver, mode;
  bool supervise = false;
};

/// The file's settings, with what the command line says in their place.
Result<ShieldSettings> read_settings(const Options& options, const bansoko::log::Logger& log) {
  bansoko::settings::Faults faults;
  auto settings = bansoko::engine::load_settings(options.config, bansoko::proto::all_protocols(), faults,
                                                 bansoko::patches::library_for_engine);
  for (const auto& fault : faults) log.error("{}", to_text(fault));
  if (!settings) return settings;
  if (!options.driver.empty()) settings->driver = options.driver;
  if (!options.mode.empty())
    settings->mode =
        options.mode == "enforce" ? bansoko::engine::Mode::enforce : bansoko::engine::Mode::observe;
  settings->capture.observe = settings->mode == bansoko::engine::Mode::observe;
  return settings;
}

}  // namespace

// What CLI11 throws beyond its own parse errors is a bug of ours: ending is right.
// NOLINTNEXTLINE(bugprone-exception-escape)
int main(int argc, char** argv) {
  Options options;
  CLI::App program(
      "The shield: drops exploit traffic inline. Exit code 1: it could not start, or a worker failed.",
      "bansoko-shield");
  program.set_version_flag("--version", BANSOKO_VERSION);
  program.add_option("--config", options.config, "settings")->capture_default_str();
  program.add_option("--driver", options.driver, "capture driver, instead of the settings'");
  program.add_option("--mode", options.mode, "observe or enforce, instead of the settings'")
      ->check(CLI::IsMember({"observe", "enforce"}));
  program.add_flag("--supervise", options.supervise,
                   "run the engine in a process of its own, and start it anew when it dies or hangs");
  CLI11_PARSE(program, argc, argv);

  const bansoko::log::Logger log;
  const auto settings = read_settings(options, log);
  const bansoko::engine::ReadSettings read_again = [&] { return read_settings(options, log); };
  const auto run = [&](const ShieldSettings& in_force) {
    if (options.supervise) return bansoko::engine::supervise(in_force, read_again, log);
    return bansoko::engine::run_daemon(in_force, read_again, log);
  };
  const auto done = settings ? run(*settings) : Result<>(tl::unexpected<bansoko::Error>(settings.error()));
  if (done) return 0;
  log.error("{}", done.error().message);
  return 1;
}
