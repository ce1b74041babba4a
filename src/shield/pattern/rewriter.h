// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace bansoko::pattern {

/// Replaces every match of an expression in a text, as Python's re.sub() does. For settings and tools, not
/// for packets: it allocates.
class Rewriter {
 public:
  /// In `replacement` \1 to \99, \g<1> and \g<name> stand for what a group matched, and \n, \r, \t, \\ for
  /// the sign. Any other backslash before a letter is refused, and so is a group that the expression does not
  /// have.
  static Result<Rewriter> compile(std::string_view expression, std::string_view replacement);
  Rewriter(Rewriter&&) noexcept;
  Rewriter& operator=(Rewriter&&) noexcept;
  ~Rewriter();

  /// Results longer than this are refused.
  static constexpr std::size_t kMostBytes = std::size_t{1} << 20U;

  /// Fails when the expression takes too long or the result is too long.
  Result<std::string> apply(std::string_view text) const;

 private:
  struct Code;
  explicit Rewriter(std::unique_ptr<Code> code);
  std::unique_ptr<Code> code_;
};

}  // namespace bansoko::pattern
