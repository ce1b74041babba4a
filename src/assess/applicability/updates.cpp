// SPDX-License-Identifier: Apache-2.0
#include "assess/applicability/updates.h"

#include <algorithm>
#include <array>
#include <map>
#include <tuple>
#include <utility>

#include "base/text.h"

namespace bansoko::assess {
namespace {

/// The worse of two words of Microsoft's.
std::string_view worse(std::string_view a, std::string_view b) noexcept {
  constexpr std::array<std::string_view, 4> order{"critical", "important", "moderate", "low"};
  const auto rank = [&](std::string_view word) {
    return std::ranges::find_if(order, [&](std::string_view one) { return same_text(one, word); }) -
           order.begin();
  };
  return rank(a) <= rank(b) ? a : b;
}

Truth has_component(const std::string& wanted, const Host& host) {
  if (wanted.empty()) return Truth::yes;
  for (const Component& one : host.components)
    if (same_text(one.name, wanted) || same_text(one.name + " " + one.version, wanted)) return Truth::yes;
  return Truth::unknown;
}

void judge_need(const UpdateNeed& need, const Installed& installed, Finding& finding) {
  if (auto how = covered(need.kbs, installed)) {
    finding.state = State::fixed;
    finding.how = how->first;
    finding.reasons.push_back(std::move(how->second));
    return;
  }
  const std::string wanted = kb_text(need.newest != 0 ? need.newest : need.kbs.back());
  finding.fixes.push_back(wanted);
  say_absent(finding, wanted, installed);
}

Finding finding_of(const UpdateNeed& need) {
  Finding finding;
  finding.id = kb_text(need.kbs.front());
  finding.cves = need.cves;
  finding.title.en = need.title;
  finding.severity = need.severity;
  finding.published = need.posted;
  finding.component = need.component;
  return finding;
}

void doubt(Finding& finding, const std::string& wanted) {
  finding.state = State::unconfirmed;
  finding.confidence = Confidence::low;
  finding.only_if_there = true;
  finding.reasons.push_back({Cause::condition_open, {wanted}});
}

}  // namespace

void UpdateTable::add(std::span<const MicrosoftFix> rows, const std::string& component) {
  std::map<std::pair<std::string_view, std::string_view>, Row> by_hole;  // CVE (or title) and component
  for (const MicrosoftFix& row : rows) {
    const Kb kb = kb_of(row.kb);
    if (kb == 0) continue;
    if (row.posted) {
      const auto [known, added] = posted_.try_emplace(kb, *row.posted);
      if (!added) known->second = std::max(known->second, *row.posted);
    }
    Row& hole = by_hole.try_emplace({row.cve.empty() ? row.title : row.cve, row.component}, Row{{}, &row})
                    .first->second;
    if (std::ranges::find(hole.kbs, kb) == hole.kbs.end()) hole.kbs.push_back(kb);
  }
  std::map<std::pair<std::vector<Kb>, std::string>, std::size_t> by_kbs;
  for (auto& [key, hole] : by_hole) {
    std::ranges::sort(hole.kbs);
    const auto [place, added] = by_kbs.try_emplace({hole.kbs, component}, needs.size());
    if (added) needs.push_back({.kbs = hole.kbs, .component = component, .title = hole.first->title});
    UpdateNeed& need = needs[place->second];
    need.severity = worse(need.severity, hole.first->severity);
    if (hole.first->posted && (!need.posted || *hole.first->posted < *need.posted))
      need.posted = hole.first->posted;
    if (hole.first->cve.empty() || std::ranges::find(need.cves, hole.first->cve) != need.cves.end()) continue;
    need.cves.push_back(hole.first->cve);
    by_cve[hole.first->cve].push_back(place->second);
  }
}

void UpdateTable::finish(const KbGraph& graph) {
  std::vector<Kb> all;
  for (const UpdateNeed& need : needs) all.insert(all.end(), need.kbs.begin(), need.kbs.end());
  std::ranges::sort(all);
  all.erase(std::unique(all.begin(), all.end()), all.end());
  std::unordered_map<Kb, Kb> newest;  // of each, the latest that stands for it
  const auto later = [&](Kb a, Kb b) {
    const auto day = [&](Kb kb) {
      const auto at = posted_.find(kb);
      return at == posted_.end() ? Date() : at->second;
    };
    return std::tuple(day(a), a) > std::tuple(day(b), b);
  };
  for (const Kb kb : all) {
    const std::array one{kb};
    for (const auto& [older, cover] : graph.covered_by(one)) {
      const auto [known, added] = newest.try_emplace(older, kb);
      if (!added && later(kb, known->second)) known->second = kb;
    }
  }
  for (UpdateNeed& need : needs)
    for (const Kb kb : need.kbs)
      if (const Kb candidate = newest.at(kb); need.newest == 0 || later(candidate, need.newest))
        need.newest = candidate;
}

std::vector<Finding> judge_updates(const UpdateTable& table, const Subject& subject,
                                   const Installed& installed) {
  std::vector<Finding> findings;
  findings.reserve(table.needs.size());
  for (const UpdateNeed& need : table.needs) {
    Finding& finding = findings.emplace_back(finding_of(need));
    judge_need(need, installed, finding);
    if (finding.state == State::fixed || has_component(need.component, subject.host) == Truth::yes) continue;
    doubt(finding, need.component);
  }
  return findings;
}

std::vector<Finding> judge_program_updates(const UpdateTable& table, const Component& program,
                                           const Installed& installed) {
  std::vector<Finding> findings;
  findings.reserve(table.needs.size());
  for (const UpdateNeed& need : table.needs) {
    Finding& finding = findings.emplace_back(finding_of(need));
    finding.evidence.push_back(program.evidence);
    judge_need(need, installed, finding);
    if (finding.state != State::fixed) doubt(finding, "the patch level of " + program.name);
  }
  return findings;
}

}  // namespace bansoko::assess
