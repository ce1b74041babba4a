// SPDX-License-Identifier: Apache-2.0
#include "assess/applicability/checks.h"

#include <algorithm>
#include <array>
#include <tuple>

#include <fmt/format.h>

namespace bansoko::assess {
namespace {

/// The settings that a condition asks about, as the host has them.
void add_evidence(const Condition& condition, const Host& host, std::vector<Evidence>& evidence) {
  if (condition.kind == Condition::Kind::setting)
    if (const auto found = host.settings.find(condition.texts.front()); found != host.settings.end())
      evidence.push_back(found->second.evidence);
  for (const Condition& part : condition.parts) add_evidence(part, host, evidence);
}

CheckState state_of(Truth when, Truth bad) noexcept {
  if (when == Truth::no) return CheckState::not_applicable;
  if (bad == Truth::no) return CheckState::passed;
  return both(when, bad) == Truth::yes ? CheckState::failed : CheckState::unknown;
}

std::size_t rank(std::string_view severity) noexcept {
  constexpr std::array<std::string_view, 4> worst_first{"critical", "high", "medium", "low"};
  return static_cast<std::size_t>(std::ranges::find(worst_first, severity) - worst_first.begin());
}

std::string_view word(CheckState state) noexcept {
  constexpr std::array<std::string_view, 4> words{"fails", "is not known", "passes", "is not asked"};
  return words[static_cast<std::size_t>(state)];
}

CheckState of_example(const Check& check, const Host& example) {
  const std::vector<Role> roles;
  return ask(check, {example, roles}).state;
}

}  // namespace

CheckResult ask(const Check& check, const Subject& subject) {
  std::set<std::string> open;
  const Truth when = evaluate(check.when, subject, &open);
  const Truth bad = when == Truth::no ? Truth::unknown : evaluate(check.bad, subject, &open);
  CheckResult result{.check = &check, .state = state_of(when, bad)};
  if (result.state == CheckState::unknown) result.open.assign(open.begin(), open.end());
  if (result.state != CheckState::not_applicable) add_evidence(check.bad, subject.host, result.evidence);
  return result;
}

std::vector<CheckResult> ask(std::span<const Checklist> lists, const Subject& subject) {
  std::vector<CheckResult> results;
  for (const Checklist& list : lists)
    for (const Check& check : list.checks) results.push_back(ask(check, subject));
  std::stable_sort(results.begin(), results.end(), [](const CheckResult& a, const CheckResult& b) {
    return std::tuple(a.state, rank(a.check->severity)) < std::tuple(b.state, rank(b.check->severity));
  });
  return results;
}

std::string wrong_example(const Check& check) {
  if (const CheckState state = of_example(check, check.bad_example); state != CheckState::failed)
    return fmt::format("the bad example {}", word(state));
  if (const CheckState state = of_example(check, check.good_example); state != CheckState::passed)
    return fmt::format("the good example {}", word(state));
  return {};
}

}  // namespace bansoko::assess
