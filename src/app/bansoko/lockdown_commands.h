// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace CLI {
class App;
}

namespace bansoko::app {

void add_lockdown_harden_command(CLI::App& lockdown, int& exit_code);

}  // namespace bansoko::app
