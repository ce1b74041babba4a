// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "shield/detect/alias.h"

namespace bansoko::keyword {

/// All older spellings that rules may use.
std::span<const detect::Alias> all_aliases();

}  // namespace bansoko::keyword
