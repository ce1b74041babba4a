// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "shield/detect/keyword.h"
#include "shield/detect/rule_builder.h"

namespace bansoko::keyword::to_sha256 {
namespace {

Bytes apply(const detect::Transform&, Bytes bytes, std::span<std::uint8_t> room,
            detect::TransformTools& tools) noexcept {
  tools.sha256.add(bytes);
  const Bytes result = tools.sha256.finish();
  std::ranges::copy(result, room.begin());
  return room.first(result.size());
}

Result<> compile(const rule::Option&, detect::RuleBuilder& rule) {
  return rule.transform({.name = "to_sha256", .apply = apply});
}

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{
      .name = "to_sha256", .help = "the SHA-256 digest of the bytes", .compile = compile};
  return keyword;
}

}  // namespace bansoko::keyword::to_sha256
