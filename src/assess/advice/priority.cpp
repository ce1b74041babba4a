// SPDX-License-Identifier: Apache-2.0
#include "assess/advice/priority.h"

#include <algorithm>
#include <array>
#include <tuple>

namespace bansoko::assess {
namespace {

double score_of(const Priority& priority) noexcept {
  return std::max(priority.cvss3.value_or(0), priority.cvss2.value_or(0));
}

void keep_larger(std::optional<double>& kept, double value) { kept = std::max(kept.value_or(value), value); }

bool has(std::string_view vector, std::string_view metric) noexcept {
  return vector.find(metric) != std::string_view::npos;
}

/// "all of confidentiality, integrity and availability" in either version of CVSS.
bool is_total(std::string_view vector) noexcept {
  return (has(vector, "C:C") && has(vector, "I:C") && has(vector, "A:C")) ||
         (has(vector, "C:H") && has(vector, "I:H") && has(vector, "A:H"));
}

/// Nobody has to help, nothing has to be known, and it goes over the network.
bool looks_automatable(std::string_view vector) noexcept {
  return has(vector, "AV:N") && has(vector, "AC:L") && (has(vector, "Au:N") || has(vector, "PR:N")) &&
         !has(vector, "UI:R");
}

void add(Priority& priority, const CveFacts& facts) {
  const auto weigh = [&](const Cvss& cvss) {
    priority.inputs.total_impact |= is_total(cvss.vector);
    if (!facts.ssvc) priority.inputs.automatable |= looks_automatable(cvss.vector);
  };
  if (facts.vulnerability) {
    const Vulnerability& one = *facts.vulnerability;
    if (one.cvss2) keep_larger(priority.cvss2, one.cvss2->score), weigh(*one.cvss2);
    if (one.cvss3) keep_larger(priority.cvss3, one.cvss3->score), weigh(*one.cvss3);
  }
  if (facts.exploited) {
    priority.inputs.known_exploited = true;
    priority.ransomware |= facts.exploited->ransomware;
  }
  if (facts.probability) keep_larger(priority.epss, facts.probability->probability);
  if (!facts.ssvc) return;
  priority.inputs.known_exploited |= facts.ssvc->exploitation == "active";
  priority.inputs.automatable |= facts.ssvc->automatable == "yes";
  priority.inputs.total_impact |= facts.ssvc->technical_impact == "total";
}

Reach reach_of(const Finding& finding, const CveFactsByName& facts) {
  if (finding.reach_known) return finding.reach;
  for (const std::string& cve : finding.cves) {
    const auto known = facts.find(cve);
    if (known == facts.end() || !known->second.vulnerability) continue;
    const Vulnerability& one = *known->second.vulnerability;
    const std::string_view vector = one.cvss3   ? one.cvss3->vector
                                    : one.cvss2 ? one.cvss2->vector
                                                : std::string_view();
    if (has(vector, "AV:L") || has(vector, "AV:P")) continue;
    return has(vector, "UI:R") ? Reach::user : Reach::network;
  }
  return finding.cves.empty() ? Reach::network : Reach::local;
}

}  // namespace

Timeline timeline_of(const TimelineInputs& in) noexcept {
  using enum Timeline;
  // Rows by (known exploited, exposed, automatable), first with partial, then with total impact.
  constexpr std::array<std::array<Timeline, 2>, 8> table{{
      {next_upgrade, next_upgrade},           // no, no, no
      {sixty_days, sixty_days},               // no, no, yes
      {sixty_days, fourteen_days},            // no, yes, no
      {fourteen_days, three_days},            // no, yes, yes
      {fourteen_days, fourteen_days},         // yes, no, no
      {fourteen_days, three_days_forensics},  // yes, no, yes
      {fourteen_days, three_days_forensics},  // yes, yes, no
      {three_days, three_days_forensics},     // yes, yes, yes
  }};
  const std::size_t row =
      (in.known_exploited ? 4U : 0U) + (in.exposed ? 2U : 0U) + (in.automatable ? 1U : 0U);
  return table[row][in.total_impact ? 1 : 0];
}

std::uint8_t ipa_level(std::optional<double> cvss2) noexcept {
  if (!cvss2) return 0;
  return *cvss2 >= 7.0 ? 3 : *cvss2 >= 4.0 ? 2 : 1;
}

Priority priority_of(const Finding& finding, const CveFactsByName& facts, bool exposed) {
  Priority priority;
  priority.worm = finding.advisory != nullptr && finding.advisory->worm;
  for (const std::string& cve : finding.cves)
    if (const auto known = facts.find(cve); known != facts.end()) add(priority, known->second);
  priority.reach = reach_of(finding, facts);
  priority.inputs.exposed = exposed && priority.reach == Reach::network;
  // What spreads by itself is automated, and has been exploited, whatever a list that began in 2021 says of
  // it.
  priority.inputs.automatable |= priority.worm;
  priority.inputs.known_exploited |= priority.worm;
  if (priority.worm && finding.severity == "critical") priority.inputs.total_impact = true;
  priority.timeline = timeline_of(priority.inputs);
  priority.ipa = ipa_level(priority.cvss2);
  return priority;
}

bool comes_before(const Finding& a, const Priority& pa, const Finding& b, const Priority& pb) {
  const auto key = [](const Finding& finding, const Priority& priority) {
    return std::tuple(finding.state, finding.only_if_there, priority.timeline, !priority.worm,
                      -score_of(priority), -priority.epss.value_or(0));
  };
  const auto first = key(a, pa), second = key(b, pb);
  if (first != second) return first < second;
  return std::tie(a.published, a.id) > std::tie(b.published, b.id);
}

}  // namespace bansoko::assess
