// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "shield/detect/keyword.h"
#include "shield/detect/rule_builder.h"
#include "shield/keyword/bytes_of_text.h"

namespace bansoko::keyword::compress_whitespace {
namespace {

Bytes apply(const detect::Transform&, Bytes bytes, std::span<std::uint8_t> room,
            detect::TransformTools&) noexcept {
  const auto both_blank = [](std::uint8_t a, std::uint8_t b) { return is_blank(a) && is_blank(b); };
  const auto end = std::ranges::unique_copy(bytes, room.begin(), both_blank).out;
  return room.first(static_cast<std::size_t>(end - room.begin()));
}

Result<> compile(const rule::Option&, detect::RuleBuilder& rule) {
  return rule.transform({.name = "compress_whitespace", .apply = apply});
}

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{.name = "compress_whitespace",
                                           .help = "of spaces, tabs and line ends in a row only the first",
                                           .compile = compile};
  return keyword;
}

}  // namespace bansoko::keyword::compress_whitespace
