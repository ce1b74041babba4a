// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <vector>

#include "assess/applicability/finding.h"
#include "assess/model/records.h"

namespace bansoko::assess {

/// What is known, by versions alone, of programs that no package manager speaks for: those that answer on a
/// port, those that a bill of materials names. `rows` is sorted by product. What runs only on other systems
/// than the host's is no match; where the system is not known, it is not decided.
std::vector<Finding> judge_versions(const Host& host, std::span<const AffectedProduct> rows);

/// Whether a version is one that a row is about.
bool is_affected(const AffectedProduct& row, std::string_view version);

}  // namespace bansoko::assess
