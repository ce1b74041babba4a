// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "patches/yaml.h"

namespace bansoko::patches {

struct Library;

/// Tests that a patch must have.
inline constexpr std::size_t kLeastTests = 8;
inline constexpr std::size_t kLeastAttacks = 3;
inline constexpr std::size_t kLeastInnocent = 3;

/// Finds what contradicts: rules and their patch, patches and the list of applications, patches and each
/// other.
void check_consistency(const Library& library, Faults& faults);

}  // namespace bansoko::patches
