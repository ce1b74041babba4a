// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "assess/model/advisory.h"
#include "assess/model/host.h"

/// Checks of a host's configuration: content/checklists.
namespace bansoko::assess {

struct Check {
  std::string id = {};  // "windows-smb1-on"
  Words title = {};
  Words reason = {};
  Words fix = {};
  std::string source = {};
  bool verified = false;      // its source was opened
  std::string severity = {};  // "critical", "high", "medium", "low"
  Condition when = {};        // the hosts that are asked
  Condition bad = {};         // the finding holds when true; neither when unknown
  Host bad_example = {};      // `when` holds for both; `bad` is true for this one,
  Host good_example = {};     // and false for this one
};

struct Checklist {
  std::string id = {};  // the file's name: "windows-smb"
  Words title = {};
  std::vector<Check> checks = {};
};

}  // namespace bansoko::assess
