// SPDX-License-Identifier: Apache-2.0
#include "shield/selection/selection.h"

#include <map>
#include <utility>

#include <fmt/format.h>

namespace bansoko::selection {
namespace {

/// Switches off all but one of those that have the same gid and sid.
void supersede(std::vector<SourceRule>& rules, Changes& changes) {
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::size_t> kept;
  for (std::size_t i = 0; i < rules.size(); ++i) {
    if (rules[i].sid == 0) continue;
    const auto [at, is_new] = kept.try_emplace({rules[i].gid, rules[i].sid}, i);
    if (is_new) continue;
    const bool newer = rules[i].rev > rules[at->second].rev;
    const std::size_t loser = newer ? at->second : i;
    if (newer) at->second = i;
    const SourceRule& winner = rules[at->second];
    rules[loser].superseded = true;
    rules[loser].enabled = false;
    rules[loser].reason = fmt::format("{}:{} has the same number{}", winner.file, winner.line,
                                      winner.rev > rules[loser].rev ? " and a higher rev" : "");
    ++changes.superseded;
  }
}

class Selector {
 public:
  Selector(const Choices& choices, Changes& changes, rule::Diagnostics& diagnostics)
      : choices_(choices), changes_(changes), diagnostics_(diagnostics) {}

  void apply(SourceRule& rule) {
    switch_by(choices_.disable, false, rule, changes_.disabled);
    switch_by(choices_.enable, true, rule, changes_.enabled);
    drop(rule);
    modify(rule);
  }

 private:
  static void switch_by(const MatcherList& list, bool on, SourceRule& rule, std::size_t& count) {
    if (rule.enabled == on || list.empty()) return;
    const std::string* const place = list.find(rule);
    if (place == nullptr) return;
    rule.enabled = on;
    rule.reason = *place;
    ++count;
  }

  void drop(SourceRule& rule) {
    if (choices_.drop.empty() || rule.noalert || rule.sid == 0) return;
    const std::string* const place = choices_.drop.find(rule);
    if (place == nullptr) return;
    rule.edits.push_back(*place);
    make_drop(rule);
    ++changes_.dropped;
  }

  void modify(SourceRule& rule) {
    const std::string before = to_line(rule);
    const bool was_enabled = rule.enabled;
    for (const PlacedEdit& each : choices_.modify) {
      if (rule.sid == 0 || !each.edit.matches(rule, workspace_)) continue;
      const std::string text = to_line(rule);
      if (const auto done = each.edit.apply(rule); !done)
        diagnostics_.push_back({.file = rule.file,
                                .line = rule.line,
                                .column = 1,
                                .severity = rule::Severity::warning,
                                .message = fmt::format("{}: {}", each.place, done.error().message),
                                .valid = ""});
      else if (to_line(rule) != text)
        rule.edits.push_back(each.place);
    }
    if (rule.enabled != was_enabled) rule.reason = rule.edits.back();
    if (to_line(rule) != before) ++changes_.modified;
  }

  const Choices& choices_;
  Changes& changes_;
  rule::Diagnostics& diagnostics_;
  pattern::Regex::Workspace workspace_;
};

}  // namespace

Changes select(std::vector<SourceRule>& rules, const Choices& choices, rule::Diagnostics& diagnostics) {
  Changes changes;
  supersede(rules, changes);
  Selector selector(choices, changes, diagnostics);
  for (SourceRule& rule : rules)
    if (!rule.superseded) selector.apply(rule);
  changes.for_flowbits = resolve_flowbits(rules);
  return changes;
}

}  // namespace bansoko::selection
