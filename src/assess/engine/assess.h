// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "assess/advice/advise.h"
#include "assess/content/content.h"
#include "assess/knowledge/knowledge.h"
#include "assess/model/note.h"
#include "assess/report/assessment.h"
#include "base/result.h"

namespace bansoko::assess {

/// A host as its inventory tells it, and what it is there for.
struct InventoriedHost {
  Host host = {};
  std::vector<Role> roles = {};
};

/// What answers rest on. All must outlive the call.
struct Sources {
  const content::Content& content;
  knowledge::Knowledge* knowledge = nullptr;  // null: nothing was imported
  const Plasters& plasters;                   // what the shield's library has
  const HostNotes& notes;                     // what the operator says of hosts
  Date today = {};
};

/// Judges all hosts together: what a product, or a release of a distribution, is known for is read once,
/// however many hosts have it. Fails only where the knowledge file cannot be read.
Result<Assessment> assess(std::vector<InventoriedHost> hosts, const Sources& sources);

}  // namespace bansoko::assess
