// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "shield/rule/rule_text.h"

namespace bansoko::rule {

/// What rule_words() must be told of the engine's options.
struct OptionLookup {
  std::function<bool(std::string_view name)> is_buffer;
  /// What an option asks, in a few words; empty for one that is not known.
  std::function<std::string_view(std::string_view name)> help;
};

/// What a rule's options ask, one sentence each, in their order. Those that only describe the rule (msg, sid,
/// reference ...) have none.
std::vector<std::string> rule_words(std::span<const Option> options, const OptionLookup& lookup);

}  // namespace bansoko::rule
