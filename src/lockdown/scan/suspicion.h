// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "lockdown/scan/found.h"

namespace bansoko::scan {

/// What speaks against approving the file unseen. Pure: of all that is in `found` but its suspicions. A
/// change later than `recent_since` (nanoseconds since 1970) is recent.
Suspicions suspicions_of(const Found& found, std::int64_t recent_since);

}  // namespace bansoko::scan
