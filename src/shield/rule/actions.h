// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string_view>

#include "shield/rule/rule_text.h"

namespace bansoko::rule {

/// A word that may begin a rule. `one_sided`: it names the side to be told, which we do not tell apart.
struct ActionWord {
  std::string_view word;
  Action action;
  bool one_sided = false;
};

inline constexpr std::array kActions{
    ActionWord{"alert", Action::alert},
    ActionWord{"drop", Action::drop},
    ActionWord{"reject", Action::reject},
    ActionWord{"pass", Action::pass},
    ActionWord{"rejectsrc", Action::reject, true},
    ActionWord{"rejectdst", Action::reject, true},
    ActionWord{"rejectboth", Action::reject},
};

/// The word's row, whatever its case; null when there is none.
const ActionWord* find_action(std::string_view word) noexcept;

}  // namespace bansoko::rule
