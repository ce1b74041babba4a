// SPDX-License-Identifier: Apache-2.0
#include "shield/detect/keyword.h"
#include "shield/detect/rule_builder.h"
#include "shield/keyword/public_suffix.h"

namespace bansoko::keyword::tld {
namespace {

Bytes apply(const detect::Transform&, Bytes bytes, std::span<std::uint8_t>,
            detect::TransformTools&) noexcept {
  return as_bytes(public_suffix(as_text(bytes)));
}

Result<> compile(const rule::Option&, detect::RuleBuilder& rule) {
  return rule.transform({.name = "tld", .apply = apply});
}

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{
      .name = "tld", .help = "the public suffix of a name: co.uk of www.example.co.uk", .compile = compile};
  return keyword;
}

}  // namespace bansoko::keyword::tld
