// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/result.h"

namespace bansoko::state {

/// Enforce has begun and is not confirmed yet. The time to do so runs from here, also over restarts.
struct Trial {
  std::int64_t began = 0;  // seconds since 1970
};

Result<std::optional<Trial>> read_trial(const std::string& folder);
Result<> write(const std::string& folder, const Trial& trial);
/// Also where there is none.
Result<> remove_trial(const std::string& folder);

}  // namespace bansoko::state
