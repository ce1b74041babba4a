// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace CLI {
class App;
}

namespace bansoko::app {

/// The commands below `bansoko rules`, each in a file of its own.
void add_rules_import(CLI::App& rules, int& exit_code);
void add_rules_list(CLI::App& rules, int& exit_code);
void add_rules_show(CLI::App& rules, int& exit_code);
void add_rules_stats(CLI::App& rules, int& exit_code);

}  // namespace bansoko::app
