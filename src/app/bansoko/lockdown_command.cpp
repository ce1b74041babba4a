// SPDX-License-Identifier: Apache-2.0
#include "app/bansoko/lockdown_commands.h"

#include <CLI/CLI.hpp>

#include "app/bansoko/commands.h"

namespace bansoko::app {

void add_lockdown_command(CLI::App& program, int& exit_code) {
  auto* command = program.add_subcommand("lockdown", "What may run on this host, and with which rights");
  command->require_subcommand(1);
  add_lockdown_scan_command(*command, exit_code);
  add_lockdown_status_commands(*command, exit_code);
  add_lockdown_list_command(*command, exit_code);
  add_lockdown_approve_commands(*command, exit_code);
  add_lockdown_verify_command(*command, exit_code);
  add_lockdown_why_command(*command, exit_code);
  add_lockdown_history_command(*command, exit_code);
  add_lockdown_exchange_commands(*command, exit_code);
  add_lockdown_break_glass_command(*command, exit_code);
  add_lockdown_window_command(*command, exit_code);
  add_lockdown_confirm_command(*command, exit_code);
  add_lockdown_harden_command(*command, exit_code);
}

}  // namespace bansoko::app
