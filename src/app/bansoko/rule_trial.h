// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "shield/engine/settings.h"
#include "shield/rule/diagnostic.h"
#include "shield/rule/rule_words.h"
#include "shield/selection/source_rule.h"

namespace bansoko::app {

/// What the prefilter looks for before a rule is evaluated. Empty: nothing, so it is evaluated always.
struct TriedLiteral {
  std::string bytes;  // control characters as \xNN
  bool nocase = false;
  std::string buffer;
};

/// What became of compiling one rule by itself.
struct RuleTrial {
  bool loads = false;
  std::vector<TriedLiteral>
      literals;              // one for each application protocol that the rule is about, without doubles
  rule::Diagnostics faults;  // and warnings
};

RuleTrial try_rule(const selection::SourceRule& rule, const engine::ShieldSettings& settings);

/// This engine's options and buffers.
const rule::OptionLookup& option_lookup();

bool is_buffer(std::string_view name);

}  // namespace bansoko::app
