// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "shield/rule/diagnostic.h"
#include "shield/selection/matcher.h"
#include "shield/selection/rule_edit.h"
#include "shield/selection/source_rule.h"

namespace bansoko::selection {

/// What an operator has decided, file by file.
struct Choices {
  MatcherList disable;
  MatcherList enable;
  MatcherList drop;
  std::vector<PlacedEdit> modify;
};

/// How many rules each step has changed.
struct Changes {
  std::size_t disabled = 0;
  std::size_t enabled = 0;
  std::size_t dropped = 0;
  std::size_t modified = 0;
  std::size_t superseded = 0;  // another rule has the same gid and sid
  std::size_t for_flowbits = 0;
};

/// Applies the choices to each rule in suricata-update's order (disable, enable, drop, modify), then switches
/// on what sets flowbits that are asked for. Of rules with one gid and sid the one with the highest rev is
/// kept, of equal ones the first; the others are off for good. An edit that fails is reported and leaves its
/// rule as it was.
Changes select(std::vector<SourceRule>& rules, const Choices& choices, rule::Diagnostics& diagnostics);

/// Switches on, without events, each rule that changes a flowbit which a rule that is on asks for, and so on
/// until there is none more. As with suricata-update, unset counts as a change and isnotset as asking.
std::size_t resolve_flowbits(std::vector<SourceRule>& rules);

}  // namespace bansoko::selection
