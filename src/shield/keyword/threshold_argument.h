// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "base/result.h"
#include "shield/detect/compiled_rule.h"

namespace bansoko::keyword {

/// Reads what `threshold` and `detection_filter` have in common: "track by_src, count 5, seconds 60", all of
/// it needed. `type` is taken only where `with_type` says so.
Result<detect::Threshold> parse_threshold(std::string_view text, bool with_type);

}  // namespace bansoko::keyword
