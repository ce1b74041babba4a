// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include "base/result.h"

namespace bansoko::patches {

/// What the names in an expression stand for.
struct Names {
  std::function<Result<std::int64_t>(std::string_view name)> number;
  /// `function`(`block`): "size" or "at".
  std::function<Result<std::int64_t>(std::string_view function, std::string_view block)> of_block;
};

/// "size(data) + 4", "0x10000 - 1", "(count * 2) % 16": whole numbers of 64 bits with a sign, + - * / %,
/// parentheses, names, and functions of blocks. Overflow and division by zero are errors.
Result<std::int64_t> evaluate(std::string_view text, const Names& names);

}  // namespace bansoko::patches
