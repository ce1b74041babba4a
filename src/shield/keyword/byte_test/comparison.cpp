// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "base/text.h"
#include "shield/detect/keyword.h"
#include "shield/detect/rule_builder.h"
#include "shield/keyword/arguments.h"

namespace bansoko::keyword::byte_test {
namespace {

struct OperatorName {
  std::string_view name;
  detect::NumberTest::Operator op;
};
using Operator = detect::NumberTest::Operator;
constexpr std::array kOperators{OperatorName{"<", Operator::less},
                                OperatorName{">", Operator::greater},
                                OperatorName{"=", Operator::equal},
                                OperatorName{"<=", Operator::less_or_equal},
                                OperatorName{">=", Operator::greater_or_equal},
                                OperatorName{"&", Operator::bits_and},
                                OperatorName{"^", Operator::bits_xor}};

Result<> read_operator(std::string_view text, detect::NumberTest& test) {
  if (text.starts_with('!')) {
    test.negated = true;
    text = trim(text.substr(1));
    if (text.empty()) text = "=";
  }
  const auto found = std::ranges::find(kOperators, text, &OperatorName::name);
  if (found == kOperators.end()) return fail(Errc::invalid, "'{}' is not an operator", text);
  test.op = found->op;
  return {};
}

Result<> compile(const rule::Option& option, detect::RuleBuilder& rule) {
  const auto parts = split(option.value);
  if (parts.size() < 4) return fail(Errc::invalid, "a size, an operator, a value and an offset are needed");
  detect::NumberTest test;
  BANSOKO_TRY(test.number.size, size_of_number(parts[0], rule));
  BANSOKO_CHECK(read_operator(parts[1], test));
  BANSOKO_TRY(test.value, rule.amount(parts[2]));
  BANSOKO_TRY(test.number.offset, rule.amount(parts[3]));
  for (std::size_t i = 4; i < parts.size(); ++i) {
    BANSOKO_TRY(const bool taken, apply_number_setting(split_setting(parts[i]), test.number));
    if (!taken) return fail(Errc::invalid, "'{}' is not a setting", parts[i]);
  }
  BANSOKO_CHECK(check_number(test.number));
  rule.add(test);
  return {};
}

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{
      .name = "byte_test",
      .help = "compares a number in the traffic",
      .valid =
          "BYTES,[!]OPERATOR,VALUE,OFFSET[,relative][,little|dce][,string,"
          "hex|dec|oct][,bitmask MASK], operator one of < > = <= >= & ^",
      .compile = compile};
  return keyword;
}

}  // namespace bansoko::keyword::byte_test
