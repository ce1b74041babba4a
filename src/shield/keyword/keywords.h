// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "shield/detect/keyword.h"

namespace bansoko::keyword {

/// All rule options built in: one per folder beside this file. A protocol's buffers and fields are
/// options too, without a folder here.
std::span<const detect::Keyword* const> all_keywords();

}  // namespace bansoko::keyword
