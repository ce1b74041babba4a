// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "shield/detect/keyword.h"
#include "shield/detect/rule_builder.h"
#include "shield/keyword/arguments.h"

namespace bansoko::keyword::byte_math {
namespace {

struct OperatorName {
  std::string_view name;
  detect::NumberMath::Operator op;
};
using Operator = detect::NumberMath::Operator;
constexpr std::array kOperators{
    OperatorName{"+", Operator::add},         OperatorName{"-", Operator::subtract},
    OperatorName{"*", Operator::multiply},    OperatorName{"/", Operator::divide},
    OperatorName{"<<", Operator::shift_left}, OperatorName{">>", Operator::shift_right}};

struct Draft {
  detect::NumberMath math;
  std::string_view result;
  bool has_size = false, has_offset = false, has_operator = false, has_value = false;
};

Result<> apply(const Setting& setting, Draft& draft, const detect::RuleBuilder& rule) {
  if (setting.name == "bytes") {
    draft.has_size = true;
    BANSOKO_TRY(draft.math.number.size, size_of_number(setting.value, rule));
  } else if (setting.name == "offset") {
    draft.has_offset = true;
    BANSOKO_TRY(draft.math.number.offset, rule.amount(setting.value));
  } else if (setting.name == "oper") {
    const auto found = std::ranges::find(kOperators, setting.value, &OperatorName::name);
    if (found == kOperators.end()) return fail(Errc::invalid, "'{}' is not an operator", setting.value);
    draft.has_operator = true;
    draft.math.op = found->op;
  } else if (setting.name == "rvalue") {
    draft.has_value = true;
    BANSOKO_TRY(draft.math.value, rule.amount(setting.value));
  } else if (setting.name == "result") {
    draft.result = setting.value;
  } else {
    BANSOKO_TRY(const bool taken, apply_number_setting(setting, draft.math.number));
    if (!taken) return fail(Errc::invalid, "'{}' is not a setting", setting.name);
  }
  return {};
}

Result<> compile(const rule::Option& option, detect::RuleBuilder& rule) {
  Draft draft;
  for (const std::string_view part : split(option.value))
    BANSOKO_CHECK(apply(split_setting(part), draft, rule));
  if (!draft.has_size || !draft.has_offset || !draft.has_operator || !draft.has_value || draft.result.empty())
    return fail(Errc::invalid, "bytes, offset, oper, rvalue and result are all needed");
  const detect::Amount& value = draft.math.value;
  if (draft.math.op == Operator::divide && value.variable == detect::Amount::kConstant && value.value == 0)
    return fail(Errc::invalid, "nothing can be divided by 0");
  BANSOKO_CHECK(check_number(draft.math.number));
  BANSOKO_TRY(draft.math.variable, rule.define_variable(draft.result));
  rule.add(draft.math);
  return {};
}

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{
      .name = "byte_math",
      .help = "keeps the result of a sum on a number in the traffic under a name",
      .valid =
          "bytes N,offset N,oper + - * / << or >>,rvalue N,result NAME[,relative][,endian little][,string "
          "hex|dec|oct][,bitmask MASK]",
      .compile = compile};
  return keyword;
}

}  // namespace bansoko::keyword::byte_math
