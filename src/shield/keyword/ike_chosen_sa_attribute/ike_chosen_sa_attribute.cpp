// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>

#include "base/range.h"
#include "base/text.h"
#include "shield/detect/keyword.h"
#include "shield/detect/rule_builder.h"

namespace bansoko::keyword::ike_chosen_sa_attribute {
namespace {

Result<> compile(const rule::Option& option, detect::RuleBuilder& rule) {
  const std::string_view value = trim(option.value);
  const std::size_t end = std::min(value.find_first_of("=<>!"), value.size());
  const std::string field = "ike." + std::string(trim(value.substr(0, end)));
  const bool is_chosen = field.starts_with("ike.alg_") || field.starts_with("ike.sa_");
  if (!is_chosen || rule.find_field(field) == nullptr)
    return fail(Errc::invalid, "'{}' is no attribute", trim(value.substr(0, end)));
  std::string_view range = value.substr(end);
  if (range.starts_with('=')) range.remove_prefix(1);
  BANSOKO_TRY(const Range wanted, parse_range(range));
  return rule.add_field(field, wanted);
}

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{
      .name = "ike.chosen_sa_attribute",
      .help = "an attribute of the security association that the responder has chosen",
      .valid = "NAME=NUMBER, NAME<NUMBER or NAME>NUMBER, such as alg_hash=2",
      .compile = compile};
  return keyword;
}

}  // namespace bansoko::keyword::ike_chosen_sa_attribute
