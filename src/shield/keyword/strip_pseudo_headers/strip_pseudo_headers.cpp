// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "shield/detect/keyword.h"
#include "shield/detect/rule_builder.h"

namespace bansoko::keyword::strip_pseudo_headers {
namespace {

Bytes apply(const detect::Transform&, Bytes bytes, std::span<std::uint8_t> room,
            detect::TransformTools&) noexcept {
  std::size_t written = 0;
  while (!bytes.empty()) {
    const auto newline = std::ranges::find(bytes, '\n');
    const Bytes line =
        bytes.first(static_cast<std::size_t>(newline - bytes.begin()) + (newline != bytes.end() ? 1 : 0));
    bytes = bytes.subspan(line.size());
    if (line.front() == ':') continue;
    std::ranges::copy(line, room.begin() + static_cast<std::ptrdiff_t>(written));
    written += line.size();
  }
  return room.first(written);
}

Result<> compile(const rule::Option&, detect::RuleBuilder& rule) {
  return rule.transform({.name = "strip_pseudo_headers", .apply = apply});
}

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{
      .name = "strip_pseudo_headers",
      .help = "without the lines that begin with a colon, HTTP/2's pseudo headers",
      .compile = compile};
  return keyword;
}

}  // namespace bansoko::keyword::strip_pseudo_headers
