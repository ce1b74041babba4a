// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "shield/detect/compiled_rule.h"

namespace bansoko::detect {

/// The byte string whose absence from a buffer rules a rule out.
struct ChosenLiteral {
  std::string_view bytes;  // of the rule's own; lower case if nocase
  bool nocase = false;
  std::size_t part = 0;  // index into CompiledRule::parts
};

/// Literals longer than this are cut to their rarest part: more would only make the database larger.
inline constexpr std::size_t kLongestLiteral = 24;

/// Chooses the literal to prefilter on: the author's fast_pattern if there is one, else the one least likely
/// to stand in ordinary traffic. Nothing if the rule has no content that must be there.
std::optional<ChosenLiteral> choose_literal(const CompiledRule& rule);

}  // namespace bansoko::detect
