// SPDX-License-Identifier: Apache-2.0
// Rules about anomalies: nothing is searched for, so nothing is paid where nothing is wrong.
#include <algorithm>

#include "shield/detect/inspector_state.h"

namespace bansoko::detect {

using flow::Side;

void Inspector::State::anomaly_rules(std::span<const std::uint32_t> asked, Side side) noexcept {
  const Look payload{.bytes = subject.packet->payload};
  for (const std::uint32_t number : asked)
    if (evaluate(number, side, nullptr, &payload) == Tried::yes) matched(number, nullptr);
}

void Inspector::State::sort_matches() noexcept {
  std::sort(matches.begin(), matches.begin() + static_cast<std::ptrdiff_t>(match_count),
            [](const Match& a, const Match& b) { return a.rule < b.rule; });
}

bool Inspector::heeds_anomalies() const noexcept {
  return state_->rules != nullptr && !state_->rules->anomalies.empty();
}

void Inspector::anomalies() noexcept {
  state_->anomaly_rules(state_->rules->anomalies, state_->subject.side);
  state_->sort_matches();
}

void Inspector::protocol_anomaly(Side side, std::size_t anomaly) noexcept {
  if (state_->subject.protocol >= state_->rules->protocols.size()) return;
  const auto& rules = state_->rules->protocols[state_->subject.protocol].anomalies;
  if (anomaly < rules.size()) state_->anomaly_rules(rules[anomaly], side);
}

}  // namespace bansoko::detect
