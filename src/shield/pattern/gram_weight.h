// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace bansoko::pattern {

/// How often a place in ordinary web traffic has these bytes, roughly, without regard to case: at most 1.
/// `gram` must not be empty.
double gram_weight(std::string_view gram) noexcept;

}  // namespace bansoko::pattern
