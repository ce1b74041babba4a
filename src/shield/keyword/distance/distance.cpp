// SPDX-License-Identifier: Apache-2.0
#include "shield/detect/keyword.h"
#include "shield/detect/rule_builder.h"

namespace bansoko::keyword::distance {
namespace {

Result<> compile(const rule::Option& option, detect::RuleBuilder& rule) {
  BANSOKO_TRY(detect::Content* const content, rule.last_content());
  if (content->has_distance) return fail(Errc::invalid, "the content has a distance already");
  if (content->has_depth || content->has_offset)
    return fail(Errc::invalid, "the content is already placed by depth or offset");
  BANSOKO_TRY(const auto amount, rule.amount(option.value));
  constexpr std::int64_t kMost = 1048576;
  if (amount.value > kMost || amount.value < -kMost)
    return fail(Errc::invalid, "{} is beyond {}", amount.value, kMost);
  content->distance = amount;
  content->has_distance = true;
  return {};
}

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{
      .name = "distance",
      .help = "the content before it begins so many bytes or more after the match before",
      .valid = "a number of bytes from -1048576 to 1048576, or a variable",
      .compile = compile};
  return keyword;
}

}  // namespace bansoko::keyword::distance
