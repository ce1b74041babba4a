// SPDX-License-Identifier: Apache-2.0
#include "assess/engine/assess.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "assess/applicability/advisories.h"
#include "assess/applicability/packages.h"
#include "assess/applicability/programs.h"
#include "assess/applicability/versions.h"
#include "assess/engine/banners.h"
#include "assess/engine/settings.h"
#include "assess/engine/tables.h"

namespace bansoko::assess {
namespace {

/// Something on it answers others, or nobody looked whether something does.
bool is_exposed(const Host& host) noexcept {
  if (host.listeners.empty()) return true;
  return std::ranges::any_of(host.listeners, [](const Listener& one) {
    return !one.address.starts_with("127.") && one.address != "::1";
  });
}

bool has_kb(const Advisory& advisory) noexcept {
  return std::ranges::any_of(advisory.fixes, [](const OfficialFix& fix) { return !fix.kb.empty(); });
}

/// What a distribution has said counts before what the product knows of the project's own versions: such an
/// advisory gives its name to the distribution's findings, and makes none.
bool lend_name(const Advisory& advisory, std::vector<Finding>& by_distribution) {
  if (has_kb(advisory)) return false;
  bool lent = false;
  for (Finding& finding : by_distribution)
    if (finding.advisory == nullptr &&
        std::ranges::find_first_of(finding.cves, advisory.cves) != finding.cves.end()) {
      finding.advisory = &advisory;
      finding.title = advisory.title;
      finding.reach = advisory.reach;
      finding.reach_known = true;
      lent = true;
    }
  return lent;
}

/// Null: its files are of one host. Of those that are perhaps of two nothing may be concluded.
const Missing* find_two_systems(const Host& host) noexcept {
  const auto found = std::ranges::find_if(host.missing, [](const Missing& missing) {
    return missing.gap == Gap::contradiction && missing.what.starts_with(kTwoSystems);
  });
  return found == host.missing.end() ? nullptr : &*found;
}

void doubt(const Missing& two_systems, std::vector<Finding>& findings) {
  for (Finding& finding : findings) {
    finding.state = State::unconfirmed;
    finding.how = How::none;
    finding.confidence = Confidence::low;
    finding.reasons.push_back({Cause::contradiction, {two_systems.what}});
  }
}

std::vector<CheckResult> checks_of(const Subject& subject, const content::Content& content) {
  std::vector<CheckResult> results = ask(content.checklists, subject);
  if (const Missing* const two = find_two_systems(subject.host))
    for (CheckResult& result : results) {
      result.state = CheckState::unknown;
      result.open = {two->what};
    }
  return results;
}

/// What the operator says of it, or else an empty note.
const HostNote& note_of(const InventoriedHost& one, const Sources& sources) {
  static const HostNote none;
  const HostNote* const note = note_of(one.host, sources.notes);
  return note == nullptr ? none : *note;
}

/// The operator's roles count before those that are derived.
Subject subject_of(const InventoriedHost& one, const Sources& sources) {
  const HostNote& note = note_of(one, sources);
  return {one.host, note.roles.empty() ? one.roles : note.roles, !note.roles.empty()};
}

/// What a host is only said to be, from outside, proves no fix and no hole.
void doubt_claims(const Host& host, std::vector<Finding>& findings) {
  if (host.os.product.empty() || host.os.accuracy == 100) return;
  for (Finding& finding : findings) {
    if (finding.state == State::not_applicable) continue;
    finding.state = State::unconfirmed;
    finding.how = How::none;
    finding.confidence = Confidence::low;
    finding.reasons.insert(finding.reasons.begin(), {Cause::claimed_only, {host.os.evidence.text}});
  }
}

/// What the history, the vendor's rows, the distribution and versions say, each hole once.
std::vector<Finding> judge(const InventoriedHost& one, const Sources& sources, const Tables& tables) {
  const Subject subject = subject_of(one, sources);
  const Installed installed = installed_updates(subject, tables.graph(), sources.content.rollups);
  const UpdateTable& updates = tables.updates_for(one.host);
  const ReleaseOf release = release_of(one.host.os);
  std::vector<Finding> findings =
      judge_packages(one.host, tables.packages_for(release.release), release.rebuilt);
  std::set<std::string> told;
  for (const Finding& finding : findings) told.insert(finding.cves.begin(), finding.cves.end());
  for (const Advisory& advisory : sources.content.advisories) {
    if (lend_name(advisory, findings)) continue;
    findings.push_back(judge_advisory(advisory, subject, installed, updates));
    // What the history says is not there, newer rows about a part of the system may say more of.
    if (findings.back().state != State::not_applicable)
      told.insert(advisory.cves.begin(), advisory.cves.end());
  }
  const auto add = [&](std::vector<Finding> more) {
    for (Finding& finding : more) {
      const std::size_t before = finding.cves.size();
      std::erase_if(finding.cves, [&](const std::string& cve) { return told.contains(cve); });
      if (before == 0 || !finding.cves.empty()) findings.push_back(std::move(finding));
    }
  };
  add(judge_updates(updates, subject, installed));
  std::set<std::pair<ProductId, std::string>> programs;
  for (const Component& program : one.host.components)
    if (programs.emplace(program.product, program.version).second)
      add(judge_program_updates(tables.updates_for(program), program, installed));
  add(judge_versions(one.host, tables.affected()));
  doubt_claims(one.host, findings);
  if (const Missing* const two = find_two_systems(one.host)) doubt(*two, findings);
  return findings;
}

/// A part of the facts: records that name their CVE.
template <class T>
void lay(Result<std::vector<T>>& records, CveFactsByName& facts, std::optional<T> CveFacts::*member) {
  for (T& record : *records) {
    std::string cve = record.cve;
    facts[std::move(cve)].*member = std::move(record);
  }
}

Result<CveFactsByName> facts_of(const std::vector<JudgedHost>& hosts, const Sources& sources) {
  CveFactsByName facts;
  for (const KnownExploited& entry : sources.content.kev.entries) facts[entry.cve].exploited = entry;
  if (sources.knowledge == nullptr) return facts;
  std::set<std::string> asked;
  for (const JudgedHost& host : hosts)
    for (const JudgedFinding& judged : host.findings)
      if (is_open(judged.finding)) asked.insert(judged.finding.cves.begin(), judged.finding.cves.end());
  const std::vector<std::string> cves(asked.begin(), asked.end());
  auto vulnerabilities = sources.knowledge->vulnerabilities(cves);
  BANSOKO_CHECK(vulnerabilities);
  lay(vulnerabilities, facts, &CveFacts::vulnerability);
  auto exploited = sources.knowledge->known_exploited(cves);
  BANSOKO_CHECK(exploited);
  lay(exploited, facts, &CveFacts::exploited);
  auto probabilities = sources.knowledge->exploit_probabilities(cves);
  BANSOKO_CHECK(probabilities);
  lay(probabilities, facts, &CveFacts::probability);
  auto decisions = sources.knowledge->ssvc(cves);
  BANSOKO_CHECK(decisions);
  lay(decisions, facts, &CveFacts::ssvc);
  BANSOKO_TRY(const auto japanese, sources.knowledge->japanese_entries(cves));
  for (const JapaneseEntry& entry : japanese)
    for (const std::string& cve : entry.cves) facts[cve].title_ja = entry.title;
  return facts;
}

/// A finding that nobody has named yet is called what its first CVE is called.
void name(Finding& finding, const CveFactsByName& facts) {
  for (const std::string& cve : finding.cves) {
    const auto known = facts.find(cve);
    if (known == facts.end()) continue;
    if (finding.title.ja.empty()) finding.title.ja = known->second.title_ja;
    if (finding.title.en.empty() && known->second.vulnerability)
      finding.title.en = known->second.vulnerability->title;
    return;
  }
}

std::vector<Successor> successors_of(const ProductId& id, const content::Content& content, Date today) {
  std::vector<Successor> list;
  const Product* const product = content.find(id);
  if (product == nullptr) return list;
  for (const Target& target : product->successors) {
    const Product* const to = content.find(target.product);
    if (to == nullptr) continue;
    Successor successor{.name = to->name};
    for (const Support& support : content.support)
      if (support.record.product == target.product &&
          (target.cycle.empty() || support.record.cycle == target.cycle)) {
        successor.last_day = support.record.end;
        if (!target.cycle.empty() && !support.record.label.empty())
          successor.name = {support.record.label, support.record.label};
      }
    if (!successor.last_day || *successor.last_day >= today) list.push_back(std::move(successor));
  }
  return list;
}

void prioritise(JudgedHost& host, const CveFactsByName& facts, const Plasters& plasters) {
  const Subject subject{host.host, host.roles, host.note && !host.note->roles.empty()};
  const Exposure said = host.note ? host.note->exposure : Exposure::derived;
  const bool exposed = said == Exposure::derived ? is_exposed(host.host) : said == Exposure::internet;
  for (JudgedFinding& judged : host.findings) {
    if (!is_open(judged.finding)) continue;
    name(judged.finding, facts);
    judged.priority = priority_of(judged.finding, facts, exposed);
    judged.advice = advise(judged.finding, judged.priority,
                           {subject, host.support, plasters, host.successors, host.ceilings, host.ask_first,
                            said == Exposure::isolated});
  }
  std::stable_sort(host.findings.begin(), host.findings.end(),
                   [](const JudgedFinding& a, const JudgedFinding& b) {
                     return comes_before(a.finding, a.priority, b.finding, b.priority);
                   });
}

bool is_worse(const JudgedHost& a, const JudgedHost& b) {
  if (a.findings.empty() || b.findings.empty()) return a.findings.size() > b.findings.size();
  const JudgedFinding &first = a.findings.front(), &second = b.findings.front();
  return comes_before(first.finding, first.priority, second.finding, second.priority);
}

Result<std::vector<FeedNote>> notes_of(knowledge::Knowledge* knowledge) {
  std::vector<FeedNote> notes;
  if (knowledge == nullptr) return notes;
  BANSOKO_TRY(const auto feeds, knowledge->feeds());
  for (const knowledge::Feed& feed : feeds)
    notes.push_back({feed.scope.empty() ? feed.format : feed.format + " " + feed.scope, feed.date});
  return notes;
}

/// Everything but what the facts of its CVEs decide.
JudgedHost judged_of(InventoriedHost one, const Sources& sources, const Tables& tables) {
  const content::Content& content = sources.content;
  JudgedHost judged;
  for (Finding& finding : judge(one, sources, tables))
    judged.findings.push_back({.finding = std::move(finding)});
  const Subject subject = subject_of(one, sources);
  judged.support = support_of(subject, content.support, sources.today);
  // What ships is looked through by hand; a feed is asked where that says nothing.
  if (judged.support.phase == SupportPhase::unknown)
    judged.support = support_of(subject, tables.told_support(), sources.today);
  if (judged.support.phase == SupportPhase::ended && judged.support.last_day)
    judged.past = tables.past_support(one.host.os, *judged.support.last_day);
  judged.ceilings = ceilings_of(subject, content.middleware.ceilings, content.products);
  judged.protections = protections_of(subject, content.middleware.protections, sources.today);
  judged.ask_first = certifiers_of(subject, content.middleware.certifiers);
  judged.checks = checks_of(subject, content);
  judged.successors = successors_of(one.host.os.product, content, sources.today);
  if (const HostNote* const note = note_of(one.host, sources.notes)) judged.note = *note;
  judged.migration_doubts = doubts_of(judged.note.value_or(HostNote()), judged.support, sources.today);
  judged.roles = subject.roles;
  judged.host = std::move(one.host);
  return judged;
}

}  // namespace

Result<Assessment> assess(std::vector<InventoriedHost> hosts, const Sources& sources) {
  const ProgramNames names(sources.content.products);
  for (InventoriedHost& one : hosts) {
    name_banners(sources.content, one.host);
    names.name_programs(one.host);
  }
  BANSOKO_TRY(const Tables tables, Tables::read(sources, hosts));
  Assessment assessment;
  assessment.on = sources.today;
  BANSOKO_TRY(assessment.feeds, notes_of(sources.knowledge));
  for (InventoriedHost& one : hosts) assessment.hosts.push_back(judged_of(std::move(one), sources, tables));
  BANSOKO_TRY(const CveFactsByName facts, facts_of(assessment.hosts, sources));
  for (JudgedHost& host : assessment.hosts) prioritise(host, facts, sources.plasters);
  std::stable_sort(assessment.hosts.begin(), assessment.hosts.end(), is_worse);
  return assessment;
}

}  // namespace bansoko::assess
