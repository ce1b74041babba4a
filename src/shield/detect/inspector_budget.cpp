// SPDX-License-Identifier: Apache-2.0
// Rules that take too long: they are suspended, told, and tried again later.
#include <algorithm>

#include "shield/detect/inspector_state.h"

namespace bansoko::detect {

void Inspector::State::note_slow(const SlowRule& noted) noexcept {
  if (slow_count < slow.size()) slow[slow_count++] = noted;
}

bool Inspector::State::is_suspended(std::uint32_t number) noexcept {
  std::chrono::nanoseconds& until = suspended_until[number];
  if (until.count() == 0) return false;
  if (subject.packet->arrived < until) {
    counters.suspended.add();
    return true;
  }
  until = {};
  --suspended_count;
  note_slow({.rule = number, .resumed = true});
  return false;
}

void Inspector::State::note_time(std::uint32_t number, std::chrono::nanoseconds took) noexcept {
  spent += took;
  if (took <= settings.rule_budget) return;
  counters.slow_rules.add();
  note_slow({.rule = number, .spent = took});
  if (!settings.suspend_slow_rules) return;
  suspended_until[number] = subject.packet->arrived + settings.suspension;
  ++suspended_count;
}

void Inspector::measure(ProcessorClock clock) noexcept { state_->clock = clock; }

std::span<const SlowRule> Inspector::slow_rules() const noexcept {
  return std::span(state_->slow).first(state_->slow_count);
}

std::chrono::nanoseconds Inspector::spent() const noexcept { return state_->spent; }

}  // namespace bansoko::detect
