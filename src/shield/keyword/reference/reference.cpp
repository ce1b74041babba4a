// SPDX-License-Identifier: Apache-2.0
#include "base/text.h"
#include "shield/detect/keyword.h"
#include "shield/detect/rule_builder.h"

namespace bansoko::keyword::reference {
namespace {

Result<> compile(const rule::Option& option, detect::RuleBuilder& rule) {
  const auto comma = option.value.find(',');
  if (comma == std::string::npos)
    return fail(Errc::invalid, "'{}' has no comma between system and name", option.value);
  const std::string_view text = option.value;
  rule.tell_reference(fmt::format("{},{}", trim(text.substr(0, comma)), trim(text.substr(comma + 1))));
  return {};
}

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{.name = "reference",
                                           .help = "where to read about it",
                                           .valid = "SYSTEM,NAME such as cve,2017-0144",
                                           .compile = compile};
  return keyword;
}

}  // namespace bansoko::keyword::reference
