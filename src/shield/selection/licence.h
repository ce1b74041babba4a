// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace bansoko::selection {

/// The licences that a text names ("GPLv2", "BSD"), in a fixed order. It tells what is said, not what holds.
std::vector<std::string> licences_named(std::string_view text);

/// The comments at the head of a rule file: up to the first line that is neither blank nor a comment.
std::string_view leading_comments(std::string_view text);

}  // namespace bansoko::selection
