// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "assess/applicability/updates.h"

namespace bansoko::assess {

/// What the product knows of the history. Rows of `table` about the same CVEs are used where the advisory has
/// no fix for this system.
Finding judge_advisory(const Advisory& advisory, const Subject& subject, const Installed& installed,
                       const UpdateTable& table);

}  // namespace bansoko::assess
