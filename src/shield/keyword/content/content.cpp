// SPDX-License-Identifier: Apache-2.0
#include "shield/detect/keyword.h"
#include "shield/detect/rule_builder.h"
#include "shield/keyword/arguments.h"

namespace bansoko::keyword::content {
namespace {

Result<> compile(const rule::Option& option, detect::RuleBuilder& rule) {
  BANSOKO_TRY(const auto quoted, rule::unquote(option.value));
  BANSOKO_TRY(auto bytes, content_bytes(quoted.text));
  detect::Content content;
  content.finder = pattern::Finder(std::move(bytes), false);
  content.negated = quoted.negated;
  rule.add(std::move(content));
  return {};
}

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{
      .name = "content",
      .help = "bytes that must stand in the buffer; ! before them: that must not",
      .valid = "\"text|0d 0a|\" with \\\" \\; \\\\ \\: escaped, ! before it to negate",
      .compile = compile};
  return keyword;
}

}  // namespace bansoko::keyword::content
