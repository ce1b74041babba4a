// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include "shield/detect/keyword.h"
#include "shield/detect/rule_builder.h"
#include "shield/keyword/bytes_of_text.h"

namespace bansoko::keyword::pcrexform {
namespace {

Bytes apply(const detect::Transform& self, Bytes bytes, std::span<std::uint8_t>,
            detect::TransformTools& tools) noexcept {
  const auto group = self.regex->first_group(bytes, tools.regexes);
  if (group.outcome != pattern::Regex::Outcome::found) return bytes;
  return bytes.subspan(group.begin, group.end - group.begin);
}

Result<> compile(const rule::Option& option, detect::RuleBuilder& rule) {
  BANSOKO_TRY(const std::string text, unquoted(option.value));
  BANSOKO_TRY(auto regex,
              pattern::Regex::compile(text, {.match_limit = rule.settings().pcre_match_limit,
                                             .depth_limit = rule.settings().pcre_recursion_limit}));
  if (regex.groups() != 1)
    return fail(Errc::invalid, "the expression has {} groups, not one", regex.groups());
  return rule.transform({.name = "pcrexform",
                         .argument = text,
                         .apply = apply,
                         .regex = std::make_shared<const pattern::Regex>(std::move(regex))});
}

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{
      .name = "pcrexform",
      .help = "what the first group of an expression matches; where it does not match, the bytes as they are",
      .valid = "\"expression (group) expression\"",
      .compile = compile};
  return keyword;
}

}  // namespace bansoko::keyword::pcrexform
