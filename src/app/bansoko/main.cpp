// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>

#include "app/bansoko/commands.h"

// What CLI11 throws beyond its own parse errors is a bug of ours: ending is right.
// NOLINTNEXTLINE(bugprone-exception-escape)
int main(int argc, char** argv) {
  CLI::App program("Bansoko keeps a server safe while it cannot be patched or replaced.", "bansoko");
  program.set_version_flag("--version", BANSOKO_VERSION);
  program.require_subcommand(1);
  int exit_code = 0;
  bansoko::app::add_rules_command(program, exit_code);
  bansoko::app::add_replay_command(program, exit_code);
  bansoko::app::add_explain_command(program, exit_code);
  bansoko::app::add_config_command(program, exit_code);
  bansoko::app::add_shield_command(program, exit_code);
  bansoko::app::add_patches_command(program, exit_code);
  bansoko::app::add_assess_command(program, exit_code);
  bansoko::app::add_lockdown_command(program, exit_code);
  bansoko::app::add_content_command(program, exit_code);
  bansoko::app::add_feeds_command(program, exit_code);
  CLI11_PARSE(program, argc, argv);
  return exit_code;
}
