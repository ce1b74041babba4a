// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace bansoko::feed {

/// A file's name without folders and without what stands behind its last dot.
constexpr std::string_view stem_of(std::string_view name) noexcept {
  if (const auto slash = name.find_last_of("/\\"); slash != std::string_view::npos)
    name.remove_prefix(slash + 1);
  const auto dot = name.find_last_of('.');
  return dot == std::string_view::npos || dot == 0 ? name : name.substr(0, dot);
}

/// "CVE-2016-3247" of that, in any case, with or without dashes; "" for what is no CVE's name.
std::string cve_of(std::string_view text);

/// Whether a text that is the beginning of JSON holds this key or word, with its quotes.
inline bool holds(std::string_view head, std::string_view word) {
  return head.find("\"" + std::string(word) + "\"") != std::string_view::npos;
}

}  // namespace bansoko::feed
