// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace CLI {
class App;
}

namespace bansoko::app {

/// Adds one command to the program, with its options and what it does. `exit_code` is set when the command
/// was the one given; it must outlive `program`.
void add_rules_command(CLI::App& program, int& exit_code);
void add_replay_command(CLI::App& program, int& exit_code);
void add_explain_command(CLI::App& program, int& exit_code);
void add_config_command(CLI::App& program, int& exit_code);
void add_shield_command(CLI::App& program, int& exit_code);
void add_patches_command(CLI::App& program, int& exit_code);
void add_assess_command(CLI::App& program, int& exit_code);
void add_lockdown_command(CLI::App& program, int& exit_code);
void add_content_command(CLI::App& program, int& exit_code);
void add_feeds_command(CLI::App& program, int& exit_code);
void add_lockdown_command(CLI::App& program, int& exit_code);

}  // namespace bansoko::app
