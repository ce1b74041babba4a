// SPDX-License-Identifier: Apache-2.0
#include "assess/feed/cpe.h"

#include <array>

#include "base/text.h"

namespace bansoko::feed {
namespace {

enum Attribute : std::uint8_t {
  part,
  vendor,
  product,
  version,
  update,
  edition,
  language,
  sw_edition,
  target_sw,
  target_hw,
  other
};
constexpr std::size_t kAttributes = 11;

/// Parts at colons that no backslash stands before; false: there are not eleven.
bool split(std::string_view text, std::array<std::string, kAttributes>& values) {
  std::size_t at = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size()) {
      values[at] += to_lower(text[++i]);
    } else if (text[i] != ':') {
      values[at] += to_lower(text[i]);
    } else if (++at == kAttributes) {
      return false;
    }
  }
  return at + 1 == kAttributes;
}

}  // namespace

std::optional<Cpe> parse_cpe(std::string_view text) {
  constexpr std::string_view kPrefix = "cpe:2.3:";
  if (!text.starts_with(kPrefix)) return {};
  std::array<std::string, kAttributes> values;
  if (!split(text.substr(kPrefix.size()), values)) return {};
  if (values[part] != "a" && values[part] != "o" && values[part] != "h") return {};
  for (const Attribute needed : {vendor, product})
    if (values[needed].empty() || values[needed] == "*" || values[needed] == "-") return {};
  Cpe cpe{.part = values[part][0], .product = values[vendor] + ":" + values[product]};
  cpe.version = values[version];
  cpe.update = values[update];
  for (const Attribute each : {edition, sw_edition, target_hw}) {
    if (values[each].empty() || values[each] == "*" || values[each] == "-") continue;
    if (!cpe.edition.empty()) cpe.edition += ' ';
    cpe.edition += values[each];
  }
  return cpe;
}

}  // namespace bansoko::feed
