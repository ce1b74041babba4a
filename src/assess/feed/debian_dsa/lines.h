// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include "assess/feed/feed.h"

namespace bansoko::feed::debian_dsa {

/// Hears of each line without its end, the first of which has the number 1.
using OnLine = std::function<Result<>(std::string_view line, std::uint64_t number)>;

/// A line of more than Limits::max_text bytes is an error.
Result<> read_lines(ByteSource& bytes, const Limits& limits, const OnLine& on_line);

}  // namespace bansoko::feed::debian_dsa
