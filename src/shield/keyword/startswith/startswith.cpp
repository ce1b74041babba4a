// SPDX-License-Identifier: Apache-2.0
#include "shield/detect/keyword.h"
#include "shield/detect/rule_builder.h"

namespace bansoko::keyword::startswith {
namespace {

Result<> compile(const rule::Option&, detect::RuleBuilder& rule) {
  BANSOKO_TRY(detect::Content* const content, rule.last_content());
  if (content->is_relative() || content->has_depth || content->has_offset)
    return fail(Errc::invalid, "the content is already placed by another option");
  content->has_depth = true;
  content->depth = {.value = static_cast<std::int64_t>(content->finder.size())};
  return {};
}

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{.name = "startswith",
                                           .help = "the content before it stands at the start of the buffer",
                                           .compile = compile};
  return keyword;
}

}  // namespace bansoko::keyword::startswith
