// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <utility>
#include <variant>

#include "shield/detect/keyword.h"
#include "shield/detect/rule_builder.h"
#include "shield/keyword/arguments.h"

namespace bansoko::keyword::flowint {
namespace {

using detect::FlowNumberChange;
using detect::FlowNumberOperand;
using detect::FlowNumberTest;
using Kind = FlowNumberChange::Kind;
using Relation = FlowNumberTest::Relation;

struct Word {
  std::string_view word;
  std::variant<Kind, Relation> meaning;
};
constexpr std::array kWords{Word{"=", Kind::assign},
                            Word{"+", Kind::add},
                            Word{"-", Kind::subtract},
                            Word{"==", Relation::equal},
                            Word{"!=", Relation::unequal},
                            Word{"<", Relation::less},
                            Word{"<=", Relation::less_or_equal},
                            Word{">", Relation::greater},
                            Word{">=", Relation::greater_or_equal},
                            Word{"isset", Relation::is_set},
                            Word{"notset", Relation::not_set},
                            Word{"isnotset", Relation::not_set}};

bool is_letter(char c) noexcept { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

Result<std::uint32_t> number_of(std::string_view name, const detect::RuleBuilder& rule) {
  constexpr std::string_view kOthers = "0123456789_./-";
  const auto fits = [&](char c) { return is_letter(c) || kOthers.find(c) != std::string_view::npos; };
  if (name.empty() || !is_letter(name.front()) || !std::ranges::all_of(name, fits))
    return fail(Errc::invalid, "'{}' is not a variable's name", name);
  if (rule.settings().flow_numbers == nullptr)
    return fail(Errc::unsupported, "no variables are provided for");
  return rule.settings().flow_numbers->number_of(name);
}

Result<FlowNumberOperand> operand_of(std::string_view text, const detect::RuleBuilder& rule) {
  if (!text.empty() && is_letter(text.front())) {
    BANSOKO_TRY(const auto variable, number_of(text, rule));
    return FlowNumberOperand{.value = variable, .is_variable = true};
  }
  BANSOKO_TRY(const auto value, number_within(text, 0, 0xffffffff));
  return FlowNumberOperand{.value = static_cast<std::uint32_t>(value)};
}

Result<> compile(const rule::Option& option, detect::RuleBuilder& rule) {
  const auto parts = split(option.value);
  if (parts.size() < 2) return fail(Errc::invalid, "'{}' does not say what to do", option.value);
  const auto word = std::ranges::find(kWords, parts[1], &Word::word);
  if (word == kWords.end())
    return fail(Errc::invalid, "'{}' is not something to do with a variable", parts[1]);
  BANSOKO_TRY(const auto variable, number_of(parts[0], rule));
  const auto* const relation = std::get_if<Relation>(&word->meaning);
  const bool stands_alone =
      relation != nullptr && (*relation == Relation::is_set || *relation == Relation::not_set);
  if (parts.size() != (stands_alone ? 2U : 3U))
    return fail(Errc::invalid, "'{}' needs {}", parts[1], stands_alone ? "no value" : "one value");
  FlowNumberOperand with;
  if (!stands_alone) {
    BANSOKO_TRY(with, operand_of(parts[2], rule));
  }
  if (relation != nullptr)
    rule.memory().number_tests.push_back({.variable = variable, .relation = *relation, .with = with});
  else
    rule.memory().number_changes.push_back(
        {.kind = std::get<Kind>(word->meaning), .variable = variable, .by = with});
  return {};
}

}  // namespace

const detect::Keyword& describe() {
  static constexpr detect::Keyword keyword{
      .name = "flowint",
      .help = "numbers of the flow that rules assign, count and compare",
      .valid = "NAME, then isset or notset, or one of = + - == != < <= > >= and a number or NAME",
      .compile = compile};
  return keyword;
}

}  // namespace bansoko::keyword::flowint
