// SPDX-License-Identifier: Apache-2.0
#include "shield/detect/keyword.h"
#include "shield/detect/rule_builder.h"
#include "shield/keyword/arguments.h"

namespace bansoko::keyword::fast_pattern {
namespace {

Result<> choose_part(std::string_view value, detect::Content& content) {
  const auto parts = split(value);
  if (parts.size() != 2) return fail(Errc::invalid, "'{}' is not an offset and a length", value);
  const std::size_t size = content.finder.size();
  BANSOKO_TRY(const auto first, number_within(parts[0], 0, size - 1));
  BANSOKO_TRY(const auto length, number_within(parts[1], 1, size - first));
  content.fast_first = static_cast<std::uint16_t>(first);
  content.fast_size = static_cast<std::uint16_t>(length);
  return {};
}

Result<> compile(const rule::Option& option, detect::RuleBuilder& rule) {
  BANSOKO_TRY(detect::Content* const content, rule.last_content());
  if (content->negated) return fail(Errc::invalid, "a negated content cannot be looked for first");
  content->fast_pattern = true;
  if (!option.has_value || option.value == "only") return {};
  return choose_part(option.value, *content);
}

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{.name = "fast_pattern",
                                           .help = "the content before it is the one to look for first",
                                           .valid = "nothing, only, or OFFSET,LENGTH within the content",
                                           .value_optional = true,
                                           .compile = compile};
  return keyword;
}

}  // namespace bansoko::keyword::fast_pattern
