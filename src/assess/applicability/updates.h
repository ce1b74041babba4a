// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "assess/applicability/installed.h"
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

/// One finding for each need. Those about a component that the host is not known to have are `unconfirmed`,
/// with Cause::condition_open.
std::vector<Finding> judge_updates(const UpdateTable& table, const Subject& subject,
                                   const Installed& installed);

/// The same of a program that is on the host, whose own patch level the inventory does not tell: what no
/// update is known to close is `unconfirmed`.
std::vector<Finding> judge_program_updates(const UpdateTable& table, const Component& program,
                                           const Installed& installed);

}  // namespace bansoko::assess
