// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "assess/applicability/condition.h"
#include "assess/applicability/finding.h"
#include "assess/applicability/kb_graph.h"
#include "assess/model/records.h"

namespace bansoko::assess {

/// Holes of one Windows product that the same updates close, any one of them.
struct UpdateNeed {
  std::vector<Kb> kbs = {};  // sorted; never empty
  std::vector<std::string> cves = {};
  std::string component =
      {};  // what must be on the system for it to matter: "Internet Explorer 8"; mostly empty
  std::string title = {};
  std::string severity = {};
  std::optional<Date> posted = {};  // the first of them
  Kb newest = 0;  // what to install today: an update that covers one of `kbs`, and that none covers
};

/// What Microsoft's rows say of one product (as its rows name it), made ready once for all hosts that have
/// it.
struct UpdateTable {
  std::vector<UpdateNeed> needs = {};
  std::unordered_map<std::string, std::vector<std::size_t>> by_cve = {};  // places in `needs`

  /// `component`: what the product stands on the system for, if it is not the system itself.
  void add(std::span<const MicrosoftFix> rows, const std::string& component);
  /// Once all rows are in.
  void finish(const KbGraph& graph);

 private:
  struct Row {
    std::vector<Kb> kbs;
    const MicrosoftFix* first;
  };
  std::map<Kb, Date> posted_ = {};
};

/// What is installed, and all that it stands for.
struct Installed {
  KbGraph::Covered covered = {};
  std::map<Kb, std::uint32_t> in_packs = {};  // what the host's service packs hold, with the first that does
  bool complete = false;                      // the inventory's list is whole
  std::string gap = {};                       // where it is not: how
};
Installed installed_updates(const Subject& subject, const KbGraph& graph, std::span<const Rollup> rollups);

/// One finding for each need. Those about a component that the host is not known to have are `unconfirmed`,
/// with Cause::condition_open.
std::vector<Finding> judge_updates(const UpdateTable& table, const Subject& subject,
                                   const Installed& installed);

/// What the product knows of the history. Rows of `table` about the same CVEs are used where the advisory has
/// no fix for this system.
Finding judge_advisory(const Advisory& advisory, const Subject& subject, const Installed& installed,
                       const UpdateTable& table);

}  // namespace bansoko::assess
