// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "shield/detect/keyword.h"
#include "shield/detect/rule_builder.h"
#include "shield/keyword/arguments.h"

namespace bansoko::keyword::metadata {
namespace {

constexpr bool is_blank(char c) noexcept { return c == ' ' || c == '\t' || c == '\r'; }

std::string_view without_blanks(std::string_view text) noexcept {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

// Rules in use have eight settings each, so no list is made of them first.
Result<> compile(const rule::Option& option, detect::RuleBuilder& rule) {
  for (std::string_view rest = option.value; !rest.empty();) {
    const std::size_t comma = std::min(rest.find(','), rest.size());
    const std::string_view part = without_blanks(rest.substr(0, comma));
    rest.remove_prefix(std::min(comma + 1, rest.size()));
    if (part.empty()) continue;
    const Setting setting = split_setting(part);
    rule.tell_metadata(setting.name, setting.value);
  }
  return {};
}

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{.name = "metadata",
                                           .help = "facts about the rule that come with its events",
                                           .valid = "KEY VALUE[, KEY VALUE...]",
                                           .compile = compile};
  return keyword;
}

}  // namespace bansoko::keyword::metadata
