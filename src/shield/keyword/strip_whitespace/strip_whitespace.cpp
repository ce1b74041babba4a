// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <functional>

#include "shield/detect/keyword.h"
#include "shield/detect/rule_builder.h"
#include "shield/keyword/bytes_of_text.h"

namespace bansoko::keyword::strip_whitespace {
namespace {

Bytes apply(const detect::Transform&, Bytes bytes, std::span<std::uint8_t> room,
            detect::TransformTools&) noexcept {
  const auto end = std::ranges::copy_if(bytes, room.begin(), std::not_fn(is_blank)).out;
  return room.first(static_cast<std::size_t>(end - room.begin()));
}

Result<> compile(const rule::Option&, detect::RuleBuilder& rule) {
  return rule.transform({.name = "strip_whitespace", .apply = apply});
}

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{
      .name = "strip_whitespace", .help = "without spaces, tabs and line ends", .compile = compile};
  return keyword;
}

}  // namespace bansoko::keyword::strip_whitespace
