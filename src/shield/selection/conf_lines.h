// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace bansoko::selection {

/// One line that says something.
struct ConfLine {
  std::uint32_t number = 0;  // from 1
  std::string_view text = {};
};

inline constexpr std::string_view kMatcherForms =
    "SID, GID:SID, GID:SID:REV, re:EXPRESSION, group:FILE, filename:PATTERN, metadata: KEY VALUE, *";

/// The lines of disable.conf and its like. What begins with '#' is a comment, and so is what follows " #".
std::vector<ConfLine> conf_lines(std::string_view text);

/// Words as a shell has them: blanks divide, quotes and backslashes keep together. Fails on an open quote.
Result<std::vector<std::string>> shell_words(std::string_view text);

}  // namespace bansoko::selection
