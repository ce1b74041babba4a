// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "shield/detect/compiled_rule.h"
#include "shield/detect/rule_set.h"

namespace bansoko::detect {

/// One rule; compiled once for each application protocol that it may be about.
struct RuleDraft {
  RuleInfo info;
  std::vector<CompiledRule> rules;
};

/// Turns each rule's options into a compiled rule, in order of precedence: pass, drop, reject, alert; those
/// that set flowbits before those that read them; then by priority. Rules with a fault are reported, counted
/// in `refused` and left out.
std::vector<RuleDraft> compile_rules(const std::vector<rule::RuleText>& texts,
                                     const CompileSettings& settings, rule::Diagnostics& diagnostics,
                                     std::size_t& refused);

}  // namespace bansoko::detect
