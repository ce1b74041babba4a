// SPDX-License-Identifier: Apache-2.0
#include "shield/detect/keyword.h"
#include "shield/detect/rule_builder.h"

namespace bansoko::keyword::offset {
namespace {

Result<> compile(const rule::Option& option, detect::RuleBuilder& rule) {
  BANSOKO_TRY(detect::Content* const content, rule.last_content());
  if (content->has_offset) return fail(Errc::invalid, "the content has a offset already");
  if (content->is_relative())
    return fail(Errc::invalid, "the content is already placed by distance or within");
  BANSOKO_TRY(const auto amount, rule.amount(option.value));
  if (amount.value < 0) return fail(Errc::invalid, "{} is negative", amount.value);
  constexpr std::int64_t kMost = 1048576;
  if (amount.value > kMost || amount.value < -kMost)
    return fail(Errc::invalid, "{} is beyond {}", amount.value, kMost);
  content->offset = amount;
  content->has_offset = true;
  return {};
}

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{.name = "offset",
                                           .help = "the content before it begins at this byte or later",
                                           .valid = "a number of bytes from 0 to 1048576, or a variable",
                                           .compile = compile};
  return keyword;
}

}  // namespace bansoko::keyword::offset
