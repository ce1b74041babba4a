// SPDX-License-Identifier: Apache-2.0
#include "base/fill_in.h"

#include <algorithm>

namespace bansoko {
namespace {

/// Hands over what stands in a text, in order: stretches to be taken as they are, and names of places.
template <class OnText, class OnPlace>
Result<> walk(std::string_view text, OnText on_text, OnPlace on_place) {
  while (!text.empty()) {
    const std::size_t brace = std::min(text.find('{'), text.size());
    on_text(text.substr(0, brace));
    text.remove_prefix(brace);
    if (text.starts_with("{{")) {
      on_text(text.substr(0, 1));
      text.remove_prefix(2);
    } else if (!text.empty()) {
      const std::size_t end = text.find('}');
      if (end == std::string_view::npos) return fail(Errc::invalid, "nothing closes '{}'", text);
      if (end == 1) return fail(Errc::invalid, "'{{}}' names nothing");
      on_place(text.substr(1, end - 1));
      text.remove_prefix(end + 1);
    }
  }
  return {};
}

}  // namespace

Result<std::vector<std::string>> places_in(std::string_view text) {
  std::vector<std::string> names;
  BANSOKO_CHECK(walk(
      text, [](std::string_view) {},
      [&names](std::string_view name) {
        if (std::ranges::find(names, name) == names.end()) names.emplace_back(name);
      }));
  return names;
}

std::string fill_in(std::string_view text, const std::function<std::string(std::string_view)>& value_of) {
  std::string filled;
  [[maybe_unused]] const auto told_by_places_in = walk(
      text, [&](std::string_view plain) { filled += plain; },
      [&](std::string_view name) { filled += value_of(name); });
  return filled;
}

}  // namespace bansoko
