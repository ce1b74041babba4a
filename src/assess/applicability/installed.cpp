// SPDX-License-Identifier: Apache-2.0
#include "assess/applicability/installed.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "base/text.h"

namespace bansoko::assess {
namespace {

/// How an update that stands for `kb` came onto the host.
std::pair<How, Reason> how_covered(Kb kb, const KbGraph::Cover& cover) {
  if (cover.by == kb) return {How::installed, {Cause::kb_installed, {kb_text(kb)}}};
  const bool rollup = cover.link == KbGraph::Link::contains;
  const How how = rollup ? How::rollup : How::superseded;
  if (cover.via == cover.by)
    return {how, {rollup ? Cause::kb_in_rollup : Cause::kb_superseded, {kb_text(cover.by), kb_text(kb)}}};
  return {how,
          {rollup ? Cause::kb_in_rollup_by_way : Cause::kb_superseded_by_way,
           {kb_text(cover.by), kb_text(kb), kb_text(cover.via)}}};
}

bool is_digits(std::string_view text) noexcept {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

}  // namespace

std::string kb_text(Kb kb) { return fmt::format("KB{}", kb); }

std::uint32_t service_pack_of(std::string_view text) noexcept {
  if (text.size() < 3 || to_lower(text[0]) != 's' || to_lower(text[1]) != 'p' || !is_digits(text.substr(2)))
    return 0;
  return kb_of(text);
}

std::optional<std::pair<How, Reason>> covered(std::span<const Kb> kbs, const Installed& installed) {
  if (kbs.empty()) return {};
  if (const auto found = installed.covered.find(kbs.front()); found != installed.covered.end())
    return how_covered(kbs.front(), found->second);
  for (const Kb kb : kbs)
    if (const auto found = installed.covered.find(kb);
        found != installed.covered.end() && found->second.by == kb)
      return how_covered(kb, found->second);
  for (const Kb kb : kbs)
    if (const auto found = installed.covered.find(kb); found != installed.covered.end())
      return how_covered(kb, found->second);
  return {};
}

void say_absent(Finding& finding, const std::string& kb, const Installed& installed) {
  if (installed.complete) {
    finding.state = State::missing;
    finding.reasons.push_back({Cause::kb_absent, {kb}});
    return;
  }
  finding.state = State::unconfirmed;
  finding.confidence = Confidence::low;
  if (installed.gap.empty())
    finding.reasons.push_back({Cause::no_update_list, {kb}});
  else
    finding.reasons.push_back({Cause::updates_cut, {installed.gap, kb}});
}

Installed installed_updates(const Subject& subject, const KbGraph& graph, std::span<const Rollup> rollups) {
  const Host& host = subject.host;
  Installed installed;
  std::vector<Kb> kbs;
  kbs.reserve(host.updates.size());
  for (const Update& update : host.updates) kbs.push_back(kb_of(update.kb));
  installed.covered = graph.covered_by(kbs);
  for (const Rollup& rollup : rollups) {
    const std::uint32_t pack = service_pack_of(rollup.id);
    if (pack == 0 || pack > host.os.service_pack.value_or(0) || evaluate(rollup.when, subject) != Truth::yes)
      continue;
    for (const std::string& member : rollup.members) {
      const auto [known, added] = installed.in_packs.try_emplace(kb_of(member), pack);
      if (!added) known->second = std::min(known->second, pack);
    }
  }
  installed.complete =
      !host.lacks(Gap::no_updates) && !host.lacks(Gap::updates_cut) && !host.lacks(Gap::contradiction);
  for (const Missing& missing : host.missing)
    if (missing.gap == Gap::updates_cut || missing.gap == Gap::contradiction) installed.gap = missing.what;
  return installed;
}

}  // namespace bansoko::assess
