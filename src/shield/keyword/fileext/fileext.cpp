// SPDX-License-Identifier: Apache-2.0
#include "shield/detect/keyword.h"
#include "shield/detect/rule_builder.h"
#include "shield/keyword/arguments.h"

namespace bansoko::keyword::fileext {
namespace {

Result<> compile(const rule::Option& option, detect::RuleBuilder& rule) {
  // Quotes may be left out.
  const bool is_bare = option.value.find('"') == std::string::npos;
  const std::string value = is_bare ? '"' + option.value + '"' : option.value;
  BANSOKO_TRY(const auto quoted, rule::unquote(value));
  BANSOKO_TRY(auto bytes, content_bytes(quoted.text));
  detect::Content content;
  content.finder = pattern::Finder("." + bytes, true);
  content.at_end = true;
  content.negated = quoted.negated;
  return rule.add_for("file.name", std::move(content));
}

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{.name = "fileext",
                                           .help = "the name of a file ends with a dot and this, in any case",
                                           .valid = "\"exe\", ! before it to negate",
                                           .compile = compile};
  return keyword;
}

}  // namespace bansoko::keyword::fileext
