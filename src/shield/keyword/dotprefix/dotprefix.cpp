// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "shield/detect/keyword.h"
#include "shield/detect/rule_builder.h"

namespace bansoko::keyword::dotprefix {
namespace {

Bytes apply(const detect::Transform&, Bytes bytes, std::span<std::uint8_t> room,
            detect::TransformTools&) noexcept {
  room[0] = '.';
  std::ranges::copy(bytes, room.begin() + 1);
  return room.first(bytes.size() + 1);
}

Result<> compile(const rule::Option&, detect::RuleBuilder& rule) {
  return rule.transform({.name = "dotprefix", .apply = apply});
}

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{
      .name = "dotprefix",
      .help = "a dot before the bytes, so that a content of .name.example matches whole labels only",
      .compile = compile};
  return keyword;
}

}  // namespace bansoko::keyword::dotprefix
