// SPDX-License-Identifier: Apache-2.0
#include "shield/detect/keyword.h"
#include "shield/detect/rule_builder.h"
#include "shield/keyword/arguments.h"

namespace bansoko::keyword::isdataat {
namespace {

Result<> compile(const rule::Option& option, detect::RuleBuilder& rule) {
  const auto parts = split(option.value);
  detect::DataAt step;
  std::string_view where = parts[0];
  if (where.starts_with('!')) {
    step.negated = true;
    where.remove_prefix(1);
  }
  BANSOKO_TRY(step.at, rule.amount(where));
  if (step.at.value < 0 || step.at.value > 65535)
    return fail(Errc::invalid, "{} is not within 0 to 65535", step.at.value);
  for (std::size_t i = 1; i < parts.size(); ++i) {
    if (parts[i] == "relative") {
      step.relative = true;
    } else if (parts[i] != "rawbytes") {
      return fail(Errc::invalid, "'{}' is not a setting", parts[i]);
    }
  }
  rule.add(step);
  return {};
}

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{.name = "isdataat",
                                           .help = "there is data at this byte; ! before it: there is none",
                                           .valid = "[!]POSITION[,relative][,rawbytes]",
                                           .compile = compile};
  return keyword;
}

}  // namespace bansoko::keyword::isdataat
