// SPDX-License-Identifier: Apache-2.0
#include "base/text.h"
#include "shield/detect/keyword.h"
#include "shield/detect/rule_builder.h"
#include "shield/keyword/arguments.h"

namespace bansoko::keyword::flowbits {
namespace {

Result<std::vector<std::uint32_t>> read_names(std::string_view text, const detect::RuleBuilder& rule) {
  std::vector<std::uint32_t> numbers;
  for (const std::string_view name : split(text, '|')) {
    if (name.empty() || name.find_first_of(" \t") != std::string_view::npos)
      return fail(Errc::invalid, "'{}' is not a name", name);
    BANSOKO_TRY(const auto number, rule.settings().flowbits->number_of(name));
    numbers.push_back(number);
  }
  return numbers;
}

Result<> compile(const rule::Option& option, detect::RuleBuilder& rule) {
  using Kind = detect::BitChange::Kind;
  const auto comma = option.value.find(',');
  const std::string_view command = trim(std::string_view(option.value).substr(0, comma));
  if (command == "noalert" && comma == std::string::npos) {
    rule.info().noalert = true;
    return {};
  }
  if (comma == std::string::npos) return fail(Errc::invalid, "'{}' needs a name", command);
  BANSOKO_TRY(auto numbers, read_names(std::string_view(option.value).substr(comma + 1), rule));
  detect::CompiledRule& made = rule.rule();
  if (command == "isset" || command == "isnotset") {
    made.bit_tests.push_back({.any_of = std::move(numbers), .wanted = command == "isset"});
    return {};
  }
  Kind kind = Kind::set;
  if (command == "unset") {
    kind = Kind::unset;
  } else if (command == "toggle") {
    kind = Kind::toggle;
  } else if (command != "set") {
    return fail(Errc::invalid, "'{}' is not something to do with a flowbit", command);
  }
  for (const std::uint32_t number : numbers) made.bit_changes.push_back({.kind = kind, .bit = number});
  return {};
}

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{
      .name = "flowbits",
      .help = "marks on the flow that rules set and ask for",
      .valid = "set|unset|toggle|isset|isnotset,NAME[|NAME...], or noalert",
      .compile = compile};
  return keyword;
}

}  // namespace bansoko::keyword::flowbits
