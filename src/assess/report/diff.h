// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "assess/model/date.h"
#include "base/result.h"

namespace bansoko::assess {

/// One finding, or check, whose answer changed between two runs. Empty: the run had it not.
struct Change {
  std::string id = {};
  std::string title = {};
  std::string before = {}, after = {};  // "missing", "fixed", "failed", as in the JSON
};

struct HostChange {
  std::string name = {};
  bool is_new = false, is_gone = false;
  std::vector<Change> changes = {};  // what got worse first
};

/// What two assessments, as `--format json` wrote them, say differently. Hosts without a change are left out.
Result<std::vector<HostChange>> compare(std::string_view old_json, std::string_view new_json);

/// For people: a line per change.
std::string to_text(const std::vector<HostChange>& changes, Lang lang);
std::string to_json(const std::vector<HostChange>& changes);

}  // namespace bansoko::assess
