// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "assess/advice/advise.h"
#include "assess/advice/migration.h"
#include "assess/advice/priority.h"
#include "assess/applicability/checks.h"
#include "assess/applicability/finding.h"
#include "assess/applicability/software.h"
#include "assess/applicability/support.h"
#include "assess/model/host.h"
#include "assess/model/note.h"

namespace bansoko::assess {

struct JudgedFinding {
  Finding finding = {};
  Priority priority = {};
  std::vector<Advice> advice = {};
};

/// What is known of vulnerabilities of a product whose vendor no longer looks.
struct PastSupport {
  std::uint64_t known_until = 0;  // CVEs published until the last day of support
  std::uint64_t since = 0;        // after it, from others than the vendor
  bool counted = false;           // no feed with such numbers was imported otherwise
};

struct JudgedHost {
  Host host = {};
  std::vector<Role> roles = {};
  std::optional<HostNote> note = {};                  // what the operator says
  std::vector<MigrationDoubt> migration_doubts = {};  // of the note's day
  SupportState support = {};
  PastSupport past = {};
  std::vector<Successor> successors = {};
  std::vector<JudgedFinding> findings = {};  // worst first
  std::vector<ReachedCeiling> ceilings = {};
  std::vector<Protecting> protections = {};
  std::vector<AskFirst> ask_first = {};
  std::vector<CheckResult> checks = {};  // of its configuration, worst first
};

/// A feed that the answers rest on.
struct FeedNote {
  std::string name = {};
  std::optional<Date> date = {};
};

struct Assessment {
  Date on = {};
  std::vector<FeedNote> feeds = {};
  std::vector<JudgedHost> hosts = {};            // worst first
  std::vector<std::string> not_understood = {};  // files that no source knows, and what could not be read
};

std::size_t count(const JudgedHost& host, State state) noexcept;
std::size_t count(const JudgedHost& host, CheckState state) noexcept;

}  // namespace bansoko::assess
