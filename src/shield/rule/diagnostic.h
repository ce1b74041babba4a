// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace bansoko::rule {

enum class Severity : std::uint8_t { warning, error };

/// A fault in what an operator wrote, where it stands, and what would be valid there.
struct Diagnostic {
  std::string file;
  std::uint32_t line = 0;    // from 1
  std::uint32_t column = 0;  // from 1, in bytes
  Severity severity = Severity::error;
  std::string message;
  std::string valid;  // "a number from 0 to 65535"; may be empty
};

/// "rules/web.rules:41:87: error: dsize: '12x' is not a number (valid: 10, <10, >10 or 10<>20)".
std::string to_text(const Diagnostic& diagnostic);

using Diagnostics = std::vector<Diagnostic>;

/// How many of them are errors.
std::size_t count_errors(const Diagnostics& diagnostics) noexcept;

}  // namespace bansoko::rule
