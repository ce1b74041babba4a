// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include "shield/rule/logical_line.h"
#include "shield/rule/rule_text.h"
#include "shield/rule/set_kinds.h"

namespace bansoko::rule {

/// Reads `action protocol source ports direction dest ports (` into the rule and moves `offset` past the
/// parenthesis. False where the options cannot be found; other faults are told and the reading goes on.
bool read_header(const LogicalLine& line, std::size_t& offset, AddressReader& addresses, PortReader& ports,
                 RuleText& rule, RuleFaults& faults);

}  // namespace bansoko::rule
