// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "shield/detect/keyword.h"
#include "shield/detect/rule_builder.h"

namespace bansoko::keyword::to_uppercase {
namespace {

Bytes apply(const detect::Transform&, Bytes bytes, std::span<std::uint8_t> room,
            detect::TransformTools&) noexcept {
  std::ranges::transform(bytes, room.begin(), [](std::uint8_t c) {
    return c >= 'a' && c <= 'z' ? static_cast<std::uint8_t>(c - ('a' - 'A')) : c;
  });
  return room.first(bytes.size());
}

Result<> compile(const rule::Option&, detect::RuleBuilder& rule) {
  return rule.transform({.name = "to_uppercase", .apply = apply});
}

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{
      .name = "to_uppercase", .help = "ASCII letters in upper case", .compile = compile};
  return keyword;
}

}  // namespace bansoko::keyword::to_uppercase
