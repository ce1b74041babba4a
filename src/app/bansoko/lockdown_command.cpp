// SPDX-License-Identifier: Apache-2.0
#include "app/bansoko/lockdown_commands.h"

#include <CLI/CLI.hpp>

#include "app/bansoko/commands.h"

namespace bansoko::app {

void add_lockdown_command(CLI::App& program, int& exit_code) {
  auto* command = program.add_subcommand("lockdown", "What may run on this host, and with which rights");
  command->require_subcommand(1);
  add_lockdown_harden_command(*command, exit_code);
}

}  // namespace bansoko::app
