// SPDX-License-Identifier: Apache-2.0
#include "shield/detect/program.h"

#include <algorithm>
#include <array>
#include <memory>

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

bool is_constant(const Content& content) noexcept {
  return std::ranges::all_of(std::array{&content.depth, &content.offset, &content.distance, &content.within},
                             [](const Amount* amount) { return amount->variable == Amount::kConstant; });
}

/// A content that may stand anywhere from some place on.
bool is_open_ended(const Content& content) noexcept {
  return !content.negated && !content.has_depth && !content.has_within && !content.at_end;
}

/// Whether a step that counts from a place holds from each earlier one, too, if it holds from that.
bool holds_from_earlier(const Step& step) {
  if (const auto* const data = std::get_if<DataAt>(&step.kind)) return !data->negated;
  const auto* const content = std::get_if<Content>(&step.kind);
  return content != nullptr && is_open_ended(*content);
}

/// Whether what follows a step may hold for another of its places than the first.
bool place_matters(const std::vector<Step>& steps, std::size_t i) {
  // The next match of an expression may end earlier than the first.
  const bool is_content = std::holds_alternative<Content>(steps[i].kind);
  for (std::size_t next = i + 1; next < steps.size(); ++next) {
    if (is_relative(steps[next]) && (!is_content || !holds_from_earlier(steps[next]))) return true;
    if (moves(steps[next])) return false;
  }
  return false;
}

/// A content is settled where all that decides about the place its search begins at are contents that stand
/// where they stand: none that is tried again, and none that must be at the end.
void settle(std::vector<Step>& steps) {
  bool is_fixed = true;  // the position so far
  const Step* const first_tried_again = std::to_address(std::ranges::find_if(steps, &Step::retry));
  for (Step& step : steps) {
    const auto* const content = std::get_if<Content>(&step.kind);
    if (content == nullptr) {
      is_fixed &= !moves(step);
      continue;
    }
    const bool from_fixed = is_constant(*content) && (is_fixed || !content->is_relative());
    step.settled = from_fixed && is_open_ended(*content);
    step.resumes = from_fixed && !content->negated && !content->at_end && &step == first_tried_again;
    if (!content->negated) is_fixed = from_fixed && !content->at_end && !step.retry;
  }
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
  for (std::size_t i = 0; i < steps.size(); ++i) steps[i].retry = varies || place_matters(steps, i);
  settle(steps);
}

}  // namespace bansoko::detect
