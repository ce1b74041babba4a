// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "lockdown/harden/facts.h"
#include "lockdown/harden/plan.h"

namespace bansoko::harden {

/// Whether the filter can allow what was learned and nothing else.
bool may_be_strict(const Facts& facts);

/// The lines of SystemCallFilter=. Names are written out instead of systemd's groups, which systemd before
/// 231 lacks and whose members differ by version; a name that an old systemd does not know it ignores.
std::vector<Line> filter_lines(const Facts& facts);

}  // namespace bansoko::harden
