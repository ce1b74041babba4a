// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "shield/rule/diagnostic.h"

namespace bansoko::rule {

/// One line of classification.config: `config classification: name,description,priority`.
struct Classification {
  std::string description;
  std::uint32_t priority = 3;
};

using Classifications = std::map<std::string, Classification, std::less<>>;

/// Reads a classification.config; faults go to `diagnostics`, good lines are kept.
Classifications parse_classifications(std::string_view text, std::string_view file, Diagnostics& diagnostics);

/// The classes that rules of every source use, in force where the settings name no file.
const Classifications& default_classifications();

}  // namespace bansoko::rule
