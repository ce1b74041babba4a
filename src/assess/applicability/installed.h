// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "assess/applicability/condition.h"
#include "assess/applicability/finding.h"
#include "assess/applicability/kb_graph.h"
#include "assess/model/advisory.h"

namespace bansoko::assess {

/// What is installed of Windows' updates, and all that it stands for.
struct Installed {
  KbGraph::Covered covered = {};
  std::map<Kb, std::uint32_t> in_packs = {};  // what the host's service packs hold, with the first that does
  bool complete = false;                      // the inventory's list is whole
  std::string gap = {};                       // where it is not: how
};
Installed installed_updates(const Subject& subject, const KbGraph& graph, std::span<const Rollup> rollups);

/// Whether one of these is on the host, and how. The first counts most; then those that are there themselves.
std::optional<std::pair<How, Reason>> covered(std::span<const Kb> kbs, const Installed& installed);

/// What can be said of `kb` where no update was found: missing, or unconfirmed.
void say_absent(Finding& finding, const std::string& kb, const Installed& installed);

std::string kb_text(Kb kb);

/// "sp2" as 2; 0: it is no service pack.
std::uint32_t service_pack_of(std::string_view text) noexcept;

}  // namespace bansoko::assess
