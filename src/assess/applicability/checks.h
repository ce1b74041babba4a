// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "assess/applicability/condition.h"
#include "assess/model/checklist.h"

namespace bansoko::assess {

enum class CheckState : std::uint8_t {
  failed,
  unknown,  // the inventory does not say
  passed,
  not_applicable,  // the host is not one of those that are asked
};

/// The answer of one host to one check.
struct CheckResult {
  const Check* check = nullptr;  // of content; outlives the result
  CheckState state = CheckState::unknown;
  std::vector<std::string> open = {};   // of an unknown one: what would have to be known
  std::vector<Evidence> evidence = {};  // what its configuration says of it
};

CheckResult ask(const Check& check, const Subject& subject);

/// All checks, in the order of CheckState, then the gravest first.
std::vector<CheckResult> ask(std::span<const Checklist> lists, const Subject& subject);

/// Whether a check holds for its bad example, and not for its good one; in words what does not. Empty: both
/// do.
std::string wrong_example(const Check& check);

}  // namespace bansoko::assess
