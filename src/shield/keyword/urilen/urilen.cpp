// SPDX-License-Identifier: Apache-2.0
#include "base/range.h"
#include "shield/detect/keyword.h"
#include "shield/detect/rule_builder.h"
#include "shield/keyword/arguments.h"

namespace bansoko::keyword::urilen {
namespace {

Result<> compile(const rule::Option& option, detect::RuleBuilder& rule) {
  const auto parts = split(option.value);
  std::string_view buffer = "http.uri";
  if (parts.size() > 2 || (parts.size() == 2 && parts[1] != "raw" && parts[1] != "norm"))
    return fail(Errc::invalid, "after the length only raw or norm may follow");
  if (parts.size() == 2 && parts[1] == "raw") buffer = "http.uri.raw";
  BANSOKO_TRY(const Range size, parse_range(parts[0]));
  return rule.add_for(buffer, detect::BufferSize{size});
}

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{
      .name = "urilen",
      .help = "the length of the request's target, decoded and made plain (norm) or as sent (raw)",
      .valid = "10, <10, <=10, >10, >=10 or 10<>20, then perhaps ,raw or ,norm",
      .compile = compile};
  return keyword;
}

}  // namespace bansoko::keyword::urilen
