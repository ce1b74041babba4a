// SPDX-License-Identifier: Apache-2.0
#include "shield/detect/program.h"

#include <algorithm>

namespace bansoko::detect {
namespace {

template <class... Fs>
struct Overloaded : Fs... {
  using Fs::operator()...;
};
template <class... Fs>
Overloaded(Fs...) -> Overloaded<Fs...>;

bool sets_variable(const Step& step) noexcept {
  return std::holds_alternative<NumberExtract>(step.kind) || std::holds_alternative<NumberMath>(step.kind);
}

}  // namespace

bool is_relative(const Step& step) {
  return std::visit(
      Overloaded{[](const Content& c) { return c.is_relative(); },
                 [](const Expression& e) { return e.relative; }, [](const DataAt& d) { return d.relative; },
                 [](const BufferSize&) { return false; }, [](const Base64Decode& d) { return d.relative; },
                 [](const OwnTest& test) { return test.relative; },
                 [](const auto& number) { return number.number.relative; }},
      step.kind);
}

bool moves(const Step& step) {
  return std::visit(
      Overloaded{[](const Content& c) { return !c.negated; }, [](const Expression& e) { return !e.negated; },
                 [](const DataAt&) { return false; }, [](const BufferSize&) { return false; },
                 [](const NumberTest&) { return false; }, [](const Base64Decode&) { return false; },
                 [](const OwnTest&) { return false; }, [](const auto&) { return true; }},
      step.kind);
}

void link_steps(std::vector<Step>& steps) {
  for (Step& step : steps)
    if (auto* const decode = std::get_if<Base64Decode>(&step.kind)) link_steps(decode->steps);
  // A variable read at a place that may vary makes everything after it vary as well.
  const bool varies = std::any_of(steps.begin(), steps.end(),
                                  [](const Step& step) { return sets_variable(step) && is_relative(step); });
  for (std::size_t i = 0; i < steps.size(); ++i) {
    steps[i].retry = varies;
    for (std::size_t next = i + 1; next < steps.size() && !steps[i].retry; ++next) {
      if (is_relative(steps[next])) steps[i].retry = true;
      if (moves(steps[next])) break;
    }
  }
}

}  // namespace bansoko::detect
