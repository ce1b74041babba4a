// SPDX-License-Identifier: Apache-2.0
// What operators say about the hits of rules: which are only observed, which are excepted.
#include "shield/detect/hit_policy.h"
#include "shield/engine/kill_switch.h"
#include "shield/engine/patch_rules.h"
#include "shield/engine/pipeline.h"

namespace bansoko::engine {

/// The rule that lets what names a kill-switch domain by, if it matched.
const detect::RuleInfo* Pipeline::kill_switch() const noexcept {
  for (const detect::Match& match : matches_) {
    const detect::RuleInfo& rule = rules_->rules()[match.rule];
    if (rule.gid == kInfectionGid && rule.action == rule::Action::pass) return &rule;
  }
  return nullptr;
}

bool Pipeline::is_excepted(const detect::Match& match) const noexcept {
  if (match.exception == detect::Match::kNoException) return false;
  const auto& exceptions = rules_->hits().exceptions;
  return line_.wall_of(line_.now()) < exceptions[static_cast<std::size_t>(match.exception)].until;
}

/// The first that is enforced decides, since they come in order of precedence. An alert does nothing, so what
/// is observed is worth more. A kill-switch domain is stronger than all but our patches: its name is no way
/// past them.
void Pipeline::take_matches(const packet::Packet& packet, Facts& facts) noexcept {
  matches_ = inspector_.matches();
  slow_rules_ = inspector_.slow_rules();
  const detect::RuleInfo* const kill_switch_rule = kill_switch();
  for (const detect::Match& match : matches_) {
    const detect::RuleInfo& rule = rules_->rules()[match.rule];
    if (is_excepted(match)) {
      facts.excepted = true;
      continue;
    }
    const bool drops = rule.action == rule::Action::drop || rule.action == rule::Action::reject;
    if (kill_switch_rule != nullptr && !(drops && is_of_patch(rule.gid, rule.sid))) continue;
    const bool observed = drops && rules_->hits().is_observed(rule.sid, packet.source, packet.dest);
    if (!facts.hit || (facts.hit->observed && drops && !observed))
      facts.hit = RuleHit{rule.action, rule.sid, rule.about_flow, observed};
    if (!facts.hit->observed) return;
  }
  facts.kill_switch = kill_switch_rule != nullptr && !facts.hit;
  if (facts.kill_switch) facts.hit = RuleHit{rule::Action::pass, kill_switch_rule->sid, false, false};
}

}  // namespace bansoko::engine
