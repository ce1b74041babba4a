// SPDX-License-Identifier: Apache-2.0
#include "assess/applicability/advisories.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "assess/applicability/packages.h"

namespace bansoko::assess {
namespace {

/// The fixes of an advisory that are for this host, and whether they are; or else those that may be.
struct Fixes {
  std::vector<const OfficialFix*> fixes = {};
  Truth holds = Truth::no;
};

Fixes fixes_for(const Advisory& advisory, const Subject& subject, std::set<std::string>& open) {
  Fixes best;
  for (const OfficialFix& fix : advisory.fixes) {
    const Truth holds = evaluate(fix.when, subject, &open);
    if (holds == Truth::no || holds < best.holds) continue;
    if (holds > best.holds) best = {{}, holds};
    best.fixes.push_back(&fix);
  }
  // Where it is not known which one is for the host, those that give something say more than those that give
  // nothing.
  const auto gives_nothing = [](const OfficialFix* fix) { return fix->kb.empty() && fix->version.empty(); };
  if (best.holds == Truth::unknown && !std::ranges::all_of(best.fixes, gives_nothing))
    std::erase_if(best.fixes, gives_nothing);
  return best;
}

/// The first service pack that holds a fix, of those that the host has; 0: none.
std::uint32_t pack_with(const OfficialFix& fix, const Host& host, const Installed& installed) {
  std::uint32_t first = 0;
  const auto take = [&](std::uint32_t pack) {
    if (pack != 0 && pack <= host.os.service_pack.value_or(0) && (first == 0 || pack < first)) first = pack;
  };
  for (const std::string& holder : fix.contained_in) take(service_pack_of(holder));
  if (const auto found = installed.in_packs.find(kb_of(fix.kb)); found != installed.in_packs.end())
    take(found->second);
  return first;
}

bool in_service_pack(const OfficialFix& fix, const Host& host, const Installed& installed, Finding& finding) {
  const std::uint32_t pack = pack_with(fix, host, installed);
  if (pack == 0) return false;
  finding.state = State::fixed;
  finding.how = How::service_pack;
  finding.reasons.push_back({Cause::in_service_pack, {fmt::format("SP{}", pack), "KB" + fix.kb}});
  return true;
}

/// The fix that was for this host before it got the service pack that holds it.
const OfficialFix* fix_of_earlier_pack(const Advisory& advisory, const Subject& subject,
                                       const Installed& installed) {
  for (const OfficialFix& fix : advisory.fixes) {
    const std::uint32_t pack = pack_with(fix, subject.host, installed);
    if (pack == 0) continue;
    Host earlier;
    earlier.os = subject.host.os;
    earlier.settings = subject.host.settings;
    earlier.components = subject.host.components;
    for (std::uint32_t before = 0; before < pack; ++before) {
      earlier.os.service_pack = before;
      if (evaluate(fix.when, {earlier, subject.roles}) == Truth::yes) return &fix;
    }
  }
  return nullptr;
}

/// What rows of the product itself, not of parts on it, name for an advisory's CVEs.
std::vector<const UpdateNeed*> needs_of(const Advisory& advisory, const UpdateTable& table) {
  std::vector<const UpdateNeed*> needs;
  for (const std::string& cve : advisory.cves) {
    const auto found = table.by_cve.find(cve);
    if (found == table.by_cve.end()) continue;
    for (const std::size_t place : found->second)
      if (table.needs[place].component.empty()) needs.push_back(&table.needs[place]);
  }
  return needs;
}

/// By its own update, or by what closes each of its CVEs.
std::optional<std::pair<How, Reason>> closed(const OfficialFix* fix, std::span<const UpdateNeed* const> needs,
                                             const Installed& installed) {
  if (fix != nullptr)
    if (const std::array own{kb_of(fix->kb)}; own.front() != 0)
      if (auto how = covered(own, installed)) return how;
  std::optional<std::pair<How, Reason>> last;
  for (const UpdateNeed* const need : needs) {
    last = covered(need->kbs, installed);
    if (!last) break;
  }
  return last;
}

/// "14393.953" of build 14393 at revision 2828.
bool has_build(const OfficialFix& fix, const OperatingSystem& os) noexcept {
  const auto dot = fix.build.find('.');
  if (dot == std::string::npos || os.revision == 0) return false;
  return kb_of(fix.build) == os.build && os.revision >= kb_of(std::string_view(fix.build).substr(dot + 1));
}

/// Whether the fix is there without its update; then it is told.
bool is_there_anyway(const OfficialFix& fix, const Host& host, const Installed& installed, Finding& finding) {
  if (in_service_pack(fix, host, installed, finding)) return true;
  if (!fix.has_it.en.empty()) {
    finding.state = State::fixed;
    finding.how = How::service_pack;
    finding.reasons.push_back({Cause::has_it, {fix.has_it.en, fix.has_it.ja}});
    return true;
  }
  if (!has_build(fix, host.os)) return false;
  finding.state = State::fixed;
  finding.how = How::build;
  finding.reasons.push_back(
      {Cause::build_at_least, {fmt::format("{}.{}", host.os.build, host.os.revision), fix.build}});
  return true;
}

/// What is told beside the update that is missing.
void say_more(const OfficialFix& fix, const Host& host, const std::string& wanted, Finding& finding) {
  if (const std::uint32_t pack = service_pack_of(fix.requires_before);
      pack != 0 && host.os.service_pack && *host.os.service_pack < pack)
    finding.reasons.push_back({Cause::needs_before, {fmt::format("SP{}", pack), wanted}});
  if (fix.after_support) finding.reasons.push_back({Cause::after_support, {wanted}});
}

void judge_fix(const OfficialFix* fix, std::span<const UpdateNeed* const> needs, const Subject& subject,
               const Installed& installed, Finding& finding) {
  if (fix != nullptr && is_there_anyway(*fix, subject.host, installed, finding)) return;
  if (auto how = closed(fix, needs, installed)) {
    finding.state = State::fixed;
    finding.how = how->first;
    finding.reasons.push_back(std::move(how->second));
    return;
  }
  if (fix != nullptr && fix->kb.empty() && !fix->version.empty()) {
    finding.state = State::missing;
    finding.confidence = Confidence::medium;
    finding.fixes.push_back(fix->version);
    finding.reasons.push_back({Cause::fixed_in_version, {fix->version}});
    return;
  }
  if (needs.empty() && (fix == nullptr || fix->kb.empty())) {
    finding.state = State::missing;
    finding.reasons.push_back({Cause::no_fix_published, {fix->none.en, fix->none.ja}});
    return;
  }
  const bool own = fix != nullptr && !fix->kb.empty();
  const std::string wanted = own ? "KB" + fix->kb : kb_text(needs.front()->kbs.front());
  finding.fixes.push_back(wanted);
  say_absent(finding, wanted, installed);
  if (fix != nullptr) say_more(*fix, subject.host, wanted, finding);
}

/// A host needs every fix that is for it: the worst answer is the answer.
Finding worst_of(std::span<const OfficialFix* const> fixes, std::span<const UpdateNeed* const> needs,
                 const Subject& subject, const Installed& installed, const Finding& head) {
  std::optional<Finding> worst;
  for (const OfficialFix* const fix : fixes) {
    Finding one = head;
    one.official = fix;
    judge_fix(fix, needs, subject, installed, one);
    if (!worst || one.state < worst->state) worst = std::move(one);
  }
  return std::move(*worst);
}

/// The package of a distribution that an advisory without KBs is about; empty: the host has none. Only the
/// distribution knows whether it has the hole.
std::string package_of(const Advisory& advisory, const Subject& subject) {
  if (!release_of(subject.host.os).release.distribution.empty())
    for (const OfficialFix& fix : advisory.fixes) {
      const Component* const found = fix.kb.empty() ? find_package(fix.when, subject.host) : nullptr;
      if (found != nullptr) return found->name;
    }
  return {};
}

Finding head_of(const Advisory& advisory) {
  Finding finding;
  finding.id = advisory.id;
  finding.cves = advisory.cves;
  finding.title = advisory.title;
  finding.reach = advisory.reach;
  finding.reach_known = true;
  finding.severity = advisory.severity;
  finding.published = advisory.published;
  finding.advisory = &advisory;
  return finding;
}

}  // namespace

Finding judge_advisory(const Advisory& advisory, const Subject& subject, const Installed& installed,
                       const UpdateTable& table) {
  Finding finding = head_of(advisory);
  for (const Condition& spared : advisory.not_affected)
    if (evaluate(spared, subject) == Truth::yes) {
      finding.state = State::not_applicable;
      finding.reasons.push_back({Cause::vendor_not_affected, {}});
      return finding;
    }
  std::set<std::string> open;
  const Fixes found = fixes_for(advisory, subject, open);
  const std::vector<const UpdateNeed*> needs = needs_of(advisory, table);
  if (found.holds == Truth::no) {
    if (const OfficialFix* const earlier = fix_of_earlier_pack(advisory, subject, installed)) {
      in_service_pack(*earlier, subject.host, installed, finding);
      return finding;
    }
    if (needs.empty()) {
      finding.state = State::not_applicable;
      finding.reasons.push_back({Cause::condition_false, {}});
      return finding;
    }
    judge_fix(nullptr, needs, subject, installed, finding);
    return finding;
  }
  finding = worst_of(found.fixes, needs, subject, installed, finding);
  // Of a host whose system nobody knows not even this is known.
  if (finding.state == State::unconfirmed && found.holds != Truth::yes && subject.host.os.product.empty()) {
    finding.only_if_there = true;
    finding.reasons.push_back({Cause::condition_open, {open.begin(), open.end()}});
  }
  if (finding.state != State::missing) return finding;
  const std::string package = package_of(advisory, subject);
  if (found.holds == Truth::yes && package.empty()) return finding;
  finding.state = State::unconfirmed;
  finding.confidence = Confidence::low;
  finding.only_if_there = true;
  if (package.empty())
    finding.reasons.push_back({Cause::condition_open, {open.begin(), open.end()}});
  else
    finding.reasons = {{Cause::distribution_unknown, {package}}};
  return finding;
}

}  // namespace bansoko::assess
