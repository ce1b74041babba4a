// SPDX-License-Identifier: Apache-2.0
#include "assess/advice/advise.h"

#include <array>
#include <compare>
#include <set>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "assess/applicability/condition.h"
#include "assess/version/version.h"
#include "base/fill_in.h"

namespace bansoko::assess {
namespace {

bool has_cause(const Finding& finding, Cause cause) noexcept {
  for (const Reason& reason : finding.reasons)
    if (reason.cause == cause) return true;
  return false;
}

/// Microsoft's three letters for a language, which its files are named by.
std::string_view file_language(std::string_view language) noexcept {
  constexpr std::array<std::array<std::string_view, 2>, 12> names{{{"en", "ENU"},
                                                                   {"ja", "JPN"},
                                                                   {"de", "DEU"},
                                                                   {"fr", "FRA"},
                                                                   {"es", "ESN"},
                                                                   {"it", "ITA"},
                                                                   {"ko", "KOR"},
                                                                   {"zh", "CHS"},
                                                                   {"pt", "PTB"},
                                                                   {"ru", "RUS"},
                                                                   {"nl", "NLD"},
                                                                   {"sv", "SVE"}}};
  for (const auto& [code, name] : names)
    if (language.substr(0, 2) == code) return name;
  return "<language>";
}

/// The file for this host: by its architecture and language if the fix names it so, or else by the pattern
/// "WindowsServer2003-KB958644-{arch}-{language}.exe"; empty: none is known.
std::string file_for(const OfficialFix& fix, const Host& host) {
  const std::string key = std::string(name_of(host.os.arch)) + "-" + host.os.language.substr(0, 2);
  if (const auto named = fix.files.find(key); named != fix.files.end()) return named->second;
  return fill_in(fix.file, [&](std::string_view place) -> std::string {
    if (place == "language") return std::string(file_language(host.os.language));
    if (place == "arch") return host.os.arch == Arch::unknown ? "<arch>" : std::string(name_of(host.os.arch));
    return "<" + std::string(place) + ">";
  });
}

std::vector<std::string> service_names(const Advisory& advisory) {
  std::vector<std::string> names;
  for (const Words& one : advisory.services) names.push_back(one.en);
  return names;
}

void say_restart(const Finding& finding, Advice& advice) {
  if (finding.advisory == nullptr || finding.advisory->restart == Restart::unknown)
    advice.reasons.push_back({Because::restart_unknown, {}});
  else if (finding.advisory->restart == Restart::system)
    advice.reasons.push_back({Because::restarts_system, {}});
  else if (finding.advisory->restart == Restart::service)
    advice.reasons.push_back({Because::restarts_services, service_names(*finding.advisory)});
}

/// Libraries whose old version programs still hold, as the inventory of a running host tells it.
void say_still_mapped(const Host& host, const std::string& component, Advice& advice) {
  constexpr std::string_view kPrefix = "mapped-old:";
  if (component.empty()) return;
  for (auto at = host.settings.lower_bound(kPrefix);
       at != host.settings.end() && at->first.starts_with(kPrefix); ++at)
    if (at->first.find(component) != std::string::npos)
      advice.reasons.push_back({Because::still_mapped, {at->first.substr(kPrefix.size()), at->second.value}});
}

Advice official(const Finding& finding, const Host& host) {
  Advice advice{Step::official, {{Because::install, finding.fixes}}};
  if (const OfficialFix* const fix = finding.official; fix != nullptr) {
    if (const std::string file = file_for(*fix, host); !file.empty())
      advice.reasons.push_back({Because::file, {file}});
    if (!fix->supersedes.empty()) advice.reasons.push_back({Because::replaces, fix->supersedes});
    if (fix->after_support) advice.reasons.push_back({Because::after_support, {}});
    if (!fix->verified) advice.reasons.push_back({Because::not_verified, {}});
  }
  say_restart(finding, advice);
  say_still_mapped(host, finding.component, advice);
  return advice;
}

/// The plasters against a finding's CVEs, each once.
void add_plasters(const Finding& finding, const Plasters& plasters, bool has_official,
                  std::vector<Advice>& list) {
  std::set<std::string> told;
  for (const std::string& cve : finding.cves)
    for (auto [at, end] = plasters.equal_range(cve); at != end; ++at) {
      const Plaster& plaster = at->second;
      if (!told.insert(plaster.patch).second) continue;
      Advice advice{Step::virtual_patch,
                    {{Because::covers, {plaster.patch, plaster.title.en, plaster.title.ja}}}};
      advice.reasons.push_back({has_official ? Because::until_patched : Because::no_official_patch, {}});
      if (has_official && finding.advisory != nullptr && finding.advisory->restart != Restart::none)
        advice.reasons.push_back({Because::restart_feared, {}});
      if (!plaster.fully_visible) advice.reasons.push_back({Because::sees_only_clear, {plaster.visible}});
      list.push_back(std::move(advice));
    }
}

void add_fences(const Priority& priority, bool is_fenced, std::vector<Advice>& list) {
  if (priority.reach == Reach::local) list.push_back({Step::lockdown, {{Because::local_hole, {}}}});
  if (priority.reach == Reach::user) list.push_back({Step::lockdown, {{Because::user_assisted, {}}}});
  if (priority.reach == Reach::network && !is_fenced)
    list.push_back({Step::isolate, {{Because::reachable_by_few, {}}}});
}

/// Whether the system cannot run the version of a program that has the fix; null: it can, or nobody knows.
const ReachedCeiling* ceiling_below(const Finding& finding, std::span<const ReachedCeiling> ceilings) {
  if (finding.fixed_version.empty()) return nullptr;
  for (const ReachedCeiling& one : ceilings) {
    if (one.name != finding.component) continue;
    const auto compare = [&](const std::string& version) {
      return version::compare_dotted(finding.fixed_version, version);
    };
    const std::string& next = one.ceiling->next;
    if (next.empty() ? std::is_gt(compare(one.ceiling->last.en)) : std::is_gteq(compare(next))) return &one;
  }
  return nullptr;
}

void add_questions(const AdviceInputs& inputs, std::vector<Advice>& list) {
  for (const AskFirst& one : inputs.ask_first) {
    const Certifier& by = *one.certifier;
    const std::string whose = one.program.empty() ? by.vendor : by.vendor + " (" + one.program + ")";
    list.push_back({Step::ask_vendor, {{Because::certifies, {whose, by.why.en, by.why.ja}}}});
    if (!by.verified) list.back().reasons.push_back({Because::not_verified, {}});
  }
}

/// What the hole is in, where it is on and nothing that the host is there for needs it.
void add_switches(const Finding& finding, const AdviceInputs& inputs, std::vector<Advice>& list) {
  if (finding.advisory == nullptr) return;
  for (const SwitchOff& one : finding.advisory->switch_off)
    if (evaluate(one.on, inputs.subject) == Truth::yes &&
        (!one.needed || evaluate(*one.needed, inputs.subject) != Truth::yes))
      list.push_back(
          {Step::service_off, {{Because::not_needed, {one.what.en, one.what.ja, one.how.en, one.how.ja}}}});
}

void add_migration(const Finding& finding, const ReachedCeiling* ceiling, const AdviceInputs& inputs,
                   std::vector<Advice>& list) {
  const bool has_ended = inputs.support.phase == SupportPhase::ended;
  if ((!has_ended && ceiling == nullptr) || inputs.successors.empty()) return;
  Advice advice{Step::migrate, {}};
  if (ceiling != nullptr) {
    const Words& why = ceiling->ceiling->why;
    advice.reasons.push_back({Because::os_forbids, {ceiling->name, finding.fixed_version, why.en, why.ja}});
  }
  if (has_ended && inputs.support.last_day)
    advice.reasons.push_back({Because::past_support, {to_text(*inputs.support.last_day)}});
  for (const Successor& one : inputs.successors)
    advice.reasons.push_back(
        {Because::successor,
         {one.name.en, one.name.ja, one.last_day ? to_text(*one.last_day) : std::string()}});
  list.push_back(std::move(advice));
}

}  // namespace

std::vector<Advice> advise(const Finding& finding, const Priority& priority, const AdviceInputs& inputs) {
  std::vector<Advice> list;
  if (finding.state == State::fixed || finding.state == State::not_applicable) return list;
  const ReachedCeiling* const ceiling = ceiling_below(finding, inputs.ceilings);
  const bool has_official = !finding.fixes.empty() && ceiling == nullptr;
  if (has_official) add_questions(inputs, list);
  for (const Reason& reason : finding.reasons)
    if (reason.cause == Cause::needs_before)
      list.push_back({Step::service_pack, {{Because::install, {reason.words.front()}}}});
  if (has_official) list.push_back(official(finding, inputs.subject.host));
  if (finding.state == State::unconfirmed && has_cause(finding, Cause::condition_open) && !list.empty())
    list.back().reasons.push_back({Because::confirm_first, finding.reasons.back().words});
  const std::size_t before = list.size();
  if (priority.reach != Reach::local) add_plasters(finding, inputs.plasters, has_official, list);
  const bool covered = list.size() > before || (has_official && finding.state == State::unconfirmed);
  add_fences(priority, covered || inputs.isolated, list);
  add_switches(finding, inputs, list);
  if (!has_official) add_migration(finding, ceiling, inputs, list);
  return list;
}

}  // namespace bansoko::assess
