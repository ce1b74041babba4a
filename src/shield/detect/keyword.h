// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "base/result.h"
#include "shield/rule/rule_text.h"

namespace bansoko::detect {

class RuleBuilder;

/// One rule option: its name and what its argument adds to a rule.
struct Keyword {
  std::string_view name = {};
  std::string_view help = {};
  std::string_view valid = {};  // what an argument may look like, for diagnostics; empty: it takes none
  bool value_optional = false;
  Result<> (*compile)(const rule::Option& option, RuleBuilder& rule) = nullptr;
};

}  // namespace bansoko::detect
