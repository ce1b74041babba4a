// SPDX-License-Identifier: Apache-2.0
#include "base/text.h"
#include "shield/detect/keyword.h"
#include "shield/detect/rule_builder.h"

namespace bansoko::keyword::header_lowercase {
namespace {

Bytes apply(const detect::Transform&, Bytes bytes, std::span<std::uint8_t> room,
            detect::TransformTools&) noexcept {
  bool in_name = true;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const auto c = static_cast<char>(bytes[i]);
    room[i] = in_name ? static_cast<std::uint8_t>(to_lower(c)) : bytes[i];
    in_name = in_name ? c != ':' : c == '\n';
  }
  return room.first(bytes.size());
}

Result<> compile(const rule::Option&, detect::RuleBuilder& rule) {
  return rule.transform({.name = "header_lowercase", .apply = apply});
}

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{
      .name = "header_lowercase",
      .help = "the names of headers in lower case, their values as they are",
      .compile = compile};
  return keyword;
}

}  // namespace bansoko::keyword::header_lowercase
