// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace CLI {
class App;
}

namespace bansoko::app {

void add_lockdown_scan_command(CLI::App& lockdown, int& exit_code);
void add_lockdown_list_command(CLI::App& lockdown, int& exit_code);
void add_lockdown_approve_commands(CLI::App& lockdown, int& exit_code);
void add_lockdown_verify_command(CLI::App& lockdown, int& exit_code);
void add_lockdown_why_command(CLI::App& lockdown, int& exit_code);
void add_lockdown_history_command(CLI::App& lockdown, int& exit_code);
void add_lockdown_exchange_commands(CLI::App& lockdown, int& exit_code);
void add_lockdown_break_glass_command(CLI::App& lockdown, int& exit_code);
void add_lockdown_window_command(CLI::App& lockdown, int& exit_code);
void add_lockdown_confirm_command(CLI::App& lockdown, int& exit_code);
void add_lockdown_status_commands(CLI::App& lockdown, int& exit_code);
void add_lockdown_harden_command(CLI::App& lockdown, int& exit_code);

}  // namespace bansoko::app
