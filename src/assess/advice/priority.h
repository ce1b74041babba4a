// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "assess/applicability/finding.h"
#include "assess/model/records.h"

namespace bansoko::assess {

/// What feeds say of one CVE beside who is affected.
struct CveFacts {
  std::optional<Vulnerability> vulnerability = {};
  std::optional<KnownExploited> exploited = {};
  std::optional<ExploitProbability> probability = {};
  std::optional<Ssvc> ssvc = {};
  std::string title_ja = {};  // of JVN iPedia
};
using CveFactsByName = std::map<std::string, CveFacts, std::less<>>;

/// How soon, by CISA's decision table "BOD 26-04 Remediation Timelines" 1.0.0 (CERT/CC SSVC, MIT).
enum class Timeline : std::uint8_t {
  three_days_forensics,
  three_days,
  fourteen_days,
  sixty_days,
  next_upgrade
};

struct TimelineInputs {
  bool known_exploited = false;
  bool exposed = false;  // reachable by those who are not trusted
  bool automatable = false;
  bool total_impact = false;  // the attacker gets the whole system
};
Timeline timeline_of(const TimelineInputs& inputs) noexcept;

/// Levels of the Information-technology Promotion Agency, Japan, by CVSS v2 base score: III from 7.0, II
/// from 4.0, I below; 0: no score is known.
std::uint8_t ipa_level(std::optional<double> cvss2) noexcept;

/// What decides who comes first.
struct Priority {
  Timeline timeline = Timeline::next_upgrade;
  TimelineInputs inputs = {};
  bool worm = false;
  Reach reach = Reach::network;
  std::optional<double> cvss2 = {}, cvss3 = {};
  std::optional<double> epss = {};
  std::uint8_t ipa = 0;
  bool ransomware = false;
};

/// Of a finding, by the worst of its CVEs. `exposed`: the host has a service open, or is said to be
/// reachable.
Priority priority_of(const Finding& finding, const CveFactsByName& facts, bool exposed);

/// Worst first: state, timeline, worm, score, exploit probability.
bool comes_before(const Finding& a, const Priority& pa, const Finding& b, const Priority& pb);

}  // namespace bansoko::assess
