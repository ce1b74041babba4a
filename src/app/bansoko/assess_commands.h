// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "assess/knowledge/knowledge.h"
#include "assess/model/date.h"
#include "base/result.h"

namespace CLI {
class App;
}

namespace bansoko::app {

/// What --fail-on asked to be told of is there.
inline constexpr int kFound = 2;

/// "en", "ja", or what the environment asks for.
assess::Lang lang_of_report(const std::string& asked);

/// Nothing where no feed was ever imported.
Result<std::optional<knowledge::Knowledge>> open_if_there(const std::string& path);

void add_assess_diff_command(CLI::App& assess, int& exit_code);
void add_assess_stats_command(CLI::App& assess, int& exit_code);

}  // namespace bansoko::app
