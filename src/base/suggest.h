// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

namespace bansoko {

/// The candidate that `word` was probably meant to be, or an empty view when none is near.
/// Case is ignored; the first of several equally near ones is taken.
std::string_view nearest(std::string_view word, std::span<const std::string_view> candidates);

}  // namespace bansoko
