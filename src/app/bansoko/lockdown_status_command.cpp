// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <memory>
#include <string>

#include <fmt/core.h>
#include <CLI/CLI.hpp>

#include "app/bansoko/lockdown_commands.h"
#include "app/bansoko/lockdown_host.h"
#include "app/bansoko/output.h"
#include "base/printable.h"
#include "lockdown/engine/status.h"
#include "service/control.h"

namespace bansoko::app {
namespace {

using namespace std::chrono_literals;

constexpr auto kStatusTime = 5s;
constexpr auto kReleaseTime = 30s;
constexpr int kCritical = 2;

struct Options {
  std::string config;
  bool check = false;
  bool json = false;
};

Result<std::string> ask(const std::string& config, std::string_view command, std::chrono::milliseconds wait) {
  BANSOKO_TRY(const auto settings, lockdown_settings(config));
  return service::ask_control(settings.control_socket, fmt::format(R"({{"command":"{}"}})", command), wait);
}

Result<int> status(const Options& options) {
  const auto answer = ask(options.config, "status", kStatusTime);
  if (options.check) {
    const auto result = answer ? lockdown::check_answer(*answer)
                               : lockdown::CheckResult{kCritical, "critical: " + answer.error().message};
    print(printable(result.line) + "\n");
    return result.code;
  }
  if (!answer) return tl::unexpected<Error>(answer.error());
  print(options.json ? *answer + "\n" : lockdown::status_table(*answer));
  return lockdown::check_answer(*answer).code;
}

Result<int> release(const std::string& config) {
  BANSOKO_TRY(const std::string answer, ask(config, "release", kReleaseTime));
  print("the engine has no file open any more that it had kept: unmount now\n");
  return kOk;
}

}  // namespace

void add_lockdown_status_commands(CLI::App& lockdown, int& exit_code) {
  const auto options = std::make_shared<Options>();
  auto* showing =
      lockdown.add_subcommand("status", "How the engine is. Exit code: 0 well, 1 worth a look, 2 critical");
  add_config(*showing, options->config);
  showing->add_flag("--check", options->check, "one line for monitoring");
  showing->add_flag("--json", options->json, "as the engine says it");
  run_as(*showing, exit_code, [options] { return status(*options); });

  auto* reloading = lockdown.add_subcommand("reload", "Have the engine read settings, list and rules again");
  add_config(*reloading, options->config);
  run_as(*reloading, exit_code, [options]() -> Result<int> {
    BANSOKO_TRY(const auto settings, lockdown_settings(options->config));
    return have_it_read_again(settings);
  });

  auto* releasing = lockdown.add_subcommand(
      "release", "Have the engine close the files it keeps, so that a filesystem can be unmounted");
  add_config(*releasing, options->config);
  run_as(*releasing, exit_code, [options] { return release(options->config); });
}

}  // namespace bansoko::app
