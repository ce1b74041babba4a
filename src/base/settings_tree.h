// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/settings.h"

namespace bansoko::settings {

enum class Kind : std::uint8_t { null, scalar, list, map };

/// In words: "a list". `map`: what the file calls a mapping.
std::string_view name_of(Kind kind, std::string_view map = "a mapping") noexcept;

/// A settings file as written, each value with its place. Keys of a map are scalars and differ from each
/// other.
struct Node {
  Kind kind = Kind::null;
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  std::string text;         // of a scalar
  std::vector<Node> keys;   // of a map: keys[i] names items[i]
  std::vector<Node> items;  // of a map or a list
};

/// The part of YAML that settings need: scalars, lists and maps. Anchors, aliases, tags, several documents,
/// tabs as indentation, duplicate keys and control characters are faults. Nothing if the text cannot be
/// understood.
std::optional<Node> parse_tree(std::string_view text, std::string_view file, Faults& faults);

}  // namespace bansoko::settings
