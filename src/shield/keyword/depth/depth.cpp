// SPDX-License-Identifier: Apache-2.0
#include "shield/detect/keyword.h"
#include "shield/detect/rule_builder.h"

namespace bansoko::keyword::depth {
namespace {

Result<> compile(const rule::Option& option, detect::RuleBuilder& rule) {
  BANSOKO_TRY(detect::Content* const content, rule.last_content());
  if (content->has_depth) return fail(Errc::invalid, "the content has a depth already");
  if (content->is_relative())
    return fail(Errc::invalid, "the content is already placed by distance or within");
  BANSOKO_TRY(const auto amount, rule.amount(option.value));
  if (amount.value < 0) return fail(Errc::invalid, "{} is negative", amount.value);
  constexpr std::int64_t kMost = 1048576;
  if (amount.value > kMost || amount.value < -kMost)
    return fail(Errc::invalid, "{} is beyond {}", amount.value, kMost);
  if (amount.variable == detect::Amount::kConstant &&
      amount.value < static_cast<std::int64_t>(content->finder.size()))
    return fail(Errc::invalid, "{} is less than the content's own {} bytes: it could never match",
                amount.value, content->finder.size());
  content->depth = amount;
  content->has_depth = true;
  return {};
}

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{
      .name = "depth",
      .help = "the content before it lies within so many bytes from the start (or from its offset)",
      .valid = "a number of bytes from 1 to 1048576, or a variable",
      .compile = compile};
  return keyword;
}

}  // namespace bansoko::keyword::depth
