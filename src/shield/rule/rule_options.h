// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include "shield/rule/logical_line.h"
#include "shield/rule/rule_text.h"

namespace bansoko::rule {

/// Reads `name:value; name; ...)` from `offset` to the end of the line into the rule.
void read_options(const LogicalLine& line, std::size_t offset, RuleText& rule, RuleFaults& faults);

}  // namespace bansoko::rule
