// SPDX-License-Identifier: Apache-2.0
// What operators say about the hits of rules: which are only observed, which are excepted.
#include "shield/detect/hit_policy.h"
#include "shield/engine/pipeline.h"

namespace bansoko::engine {

using rule::Action;

bool Pipeline::is_excepted(const detect::Match& match) const noexcept {
  if (match.exception == detect::Match::kNoException) return false;
  const auto& exceptions = rules_->hits().exceptions;
  return line_.wall_of(line_.now()) < exceptions[static_cast<std::size_t>(match.exception)].until;
}

/// The first that is enforced decides, since they come in order of precedence. An alert does nothing, so what
/// is observed is worth more.
void Pipeline::take_matches(const packet::Packet& packet, Facts& facts) noexcept {
  matches_ = inspector_.matches();
  slow_rules_ = inspector_.slow_rules();
  for (const detect::Match& match : matches_) {
    const detect::RuleInfo& rule = rules_->rules()[match.rule];
    if (is_excepted(match)) {
      facts.excepted = true;
      continue;
    }
    const bool drops = rule.action == Action::drop || rule.action == Action::reject;
    const bool observed = drops && rules_->hits().is_observed(rule.sid, packet.source, packet.dest);
    if (!facts.hit || (facts.hit->observed && drops && !observed))
      facts.hit = RuleHit{rule.action, rule.sid, rule.about_flow, observed};
    if (!facts.hit->observed) return;
  }
}

}  // namespace bansoko::engine
