// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <iterator>
#include <set>
#include <string>

#include <fmt/format.h>

#include "assess/applicability/condition.h"
#include "assess/report/render.h"
#include "assess/report/words.h"
#include "base/printable.h"

namespace bansoko::assess {
namespace {

/// How many findings fit on a screen, with what to do about each.
constexpr std::size_t kOnScreen = 8;
constexpr std::size_t kChecksOnScreen = 4;
constexpr std::size_t kCvesOnLine = 3;

/// The first few, and how many more.
std::string some_of(const std::set<std::string>& names) {
  constexpr std::size_t kMost = 12;
  const auto end = names.size() > kMost ? std::next(names.begin(), kMost) : names.end();
  return fmt::format("{}{}", fmt::join(names.begin(), end, ", "),
                     names.size() > kMost ? fmt::format(", … (+{})", names.size() - kMost) : std::string());
}

class Page {
 public:
  Page(Lang lang, bool all) : lang_(lang), all_(all) {}

  void host(const JudgedHost& judged);
  std::string take() && { return std::move(text_); }

  template <class... Args>
  void line(fmt::format_string<Args...> format, Args&&... args) {
    fmt::format_to(std::back_inserter(text_), format, std::forward<Args>(args)...);
    text_ += '\n';
  }
  std::string_view say(std::string_view en, std::string_view ja) const noexcept {
    return lang_ == Lang::ja ? ja : en;
  }

 private:
  Lang lang_;
  bool all_;
  std::string text_;

  void heading(const JudgedHost& judged);
  void support(const JudgedHost& judged);
  void note(const JudgedHost& judged);
  void software(const JudgedHost& judged);
  void gaps(const Host& host);
  void finding(const JudgedFinding& judged);
  void checks(const JudgedHost& judged);
  void rest(const JudgedHost& judged, std::size_t shown);
  std::string cves(const Finding& finding) const;
  std::string marks(const Priority& priority) const;
};

std::string Page::cves(const Finding& finding) const {
  if (finding.cves.empty() || (finding.cves.size() == 1 && finding.cves.front() == finding.id)) return {};
  const std::size_t shown = std::min(finding.cves.size(), kCvesOnLine);
  std::string text = fmt::format(
      " ({}",
      fmt::join(finding.cves.begin(), finding.cves.begin() + static_cast<std::ptrdiff_t>(shown), ", "));
  if (finding.cves.size() > shown)
    text += fmt::format(fmt::runtime(say(" and {} more", " ほか {} 件")), finding.cves.size() - shown);
  return text + ")";
}

std::string Page::marks(const Priority& priority) const {
  std::string text;
  const auto add = [&](std::string_view word) {
    text += fmt::format("{}{}", text.empty() ? "" : ", ", word);
  };
  if (priority.worm) add(say("worm", "ワーム"));
  if (priority.inputs.known_exploited && !priority.worm) add(say("exploited", "悪用あり"));
  if (priority.ransomware) add(say("ransomware", "ランサムウェア"));
  if (priority.reach == Reach::local) add(say("local", "ローカル"));
  if (priority.cvss3)
    add(fmt::format("CVSS {:.1f}", *priority.cvss3));
  else if (priority.cvss2)
    add(fmt::format("CVSS2 {:.1f}", *priority.cvss2));
  if (priority.ipa != 0) add(fmt::format("IPA {}", std::string_view("III").substr(0, priority.ipa)));
  if (priority.epss && *priority.epss >= 0.01) add(fmt::format("EPSS {:.0f} %", 100 * *priority.epss));
  return text;
}

void Page::heading(const JudgedHost& judged) {
  const OperatingSystem& os = judged.host.os;
  std::string system = os.name.empty() ? os.product : os.name;
  if (os.service_pack && *os.service_pack != 0) system += fmt::format(" SP{}", *os.service_pack);
  if (os.arch != Arch::unknown) system += fmt::format(", {}", name_of(os.arch));
  std::string roles;
  for (const Role role : judged.roles) roles += fmt::format(", {}", title_of(role, lang_));
  line("{}: {}{}",
       judged.host.name.empty() ? say("(no name)", "(名前なし)") : std::string_view(judged.host.name),
       system.empty() ? say("system not known", "システム不明") : std::string_view(system), roles);
}

void Page::support(const JudgedHost& judged) {
  const SupportState& support = judged.support;
  const auto shown = [&](Date date) {
    return lang_ == Lang::ja ? to_text(last_day_in_japan(date, support.zone), lang_) : to_text(date, lang_);
  };
  if (support.phase == SupportPhase::ended && support.last_day) {
    line(fmt::runtime(say("  PAST ITS SUPPORT: no longer evaluated by the vendor since {}.",
                          "  サポート終了: {} 以降、ベンダーはこの製品を評価していません。")),
         shown(*support.last_day));
    if (judged.past.counted)
      line(fmt::runtime(say("  {} vulnerabilities known until then, {} since from other sources.",
                            "  それまでに公表された脆弱性 {} 件、以降に他の情報源から {} 件。")),
           judged.past.known_until, judged.past.since);
    else
      line("{}", say("  What was found since is not counted: import a feed of vulnerabilities (bansoko feeds "
                     "import).",
                     "  以降に見つかった脆弱性は数えていません。脆弱性情報を取り込んでください (bansoko "
                     "feeds import)。"));
    return;
  }
  const std::string until = support.last_day ? fmt::format(" ({})", shown(*support.last_day)) : std::string();
  line("  {}{}", title_of(support.phase, lang_), until);
}

void Page::note(const JudgedHost& judged) {
  if (!judged.note) return;
  const HostNote& note = *judged.note;
  if (!note.owner.empty()) line("  {}: {}", say("owner", "担当"), printable(note.owner));
  if (const std::string_view exposure = title_of(note.exposure, lang_); !exposure.empty())
    line("  {}: {}", say("exposure", "公開範囲"), exposure);
  if (const std::string by = migration_line(judged, lang_); !by.empty())
    line("  {}: {}", say("to be replaced by", "移行予定日"), by);
  if (!note.note.empty()) line("  {}: {}", say("note", "備考"), printable(note.note));
}

void Page::software(const JudgedHost& judged) {
  for (const ReachedCeiling& one : judged.ceilings) line("  {}", sentence(one, lang_));
  for (const Protecting& one : judged.protections)
    if (all_ || !one.program.empty()) line("  {}", sentence(one, lang_));
}

void Page::gaps(const Host& host) {
  for (const Missing& missing : host.missing)
    line("  {}: {}{}", say("INCOMPLETE", "情報不足"), title_of(missing.gap, lang_),
         missing.what.empty() ? std::string() : fmt::format(" ({})", missing.what));
}

void Page::finding(const JudgedFinding& judged) {
  const Finding& finding = judged.finding;
  const std::string marked = marks(judged.priority);
  line("");
  line("  {} [{}] {}{}", finding.id, title_of(finding.state, lang_), finding.title.in(lang_), cves(finding));
  if (is_open(finding))
    line("    {}{}{}", title_of(judged.priority.timeline, lang_), marked.empty() ? "" : "; ", marked);
  for (const Reason& reason : finding.reasons) line("    {}", sentence(reason, lang_));
  int number = 0;
  for (const Advice& advice : judged.advice) {
    line("    {}. {}:", ++number, title_of(advice.step, lang_));
    for (const AdviceReason& reason : advice.reasons) line("       {}", sentence(reason, lang_));
  }
}

void Page::rest(const JudgedHost& judged, std::size_t shown) {
  std::size_t open = 0, doubtful = 0, untold = 0;
  std::set<std::string> wanted, packages;
  for (const JudgedFinding& one : judged.findings) {
    const auto& reasons = one.finding.reasons;
    if (one.finding.only_if_there && reasons.back().cause == Cause::distribution_unknown) {
      ++untold;
      packages.insert(reasons.back().words.front());
    } else if (one.finding.only_if_there) {
      ++doubtful;
      wanted.insert(one.finding.reasons.back().words.begin(), one.finding.reasons.back().words.end());
    } else if (is_open(one.finding)) {
      ++open;
    }
  }
  if (doubtful != 0 && !all_)
    line(fmt::runtime(say("  {} more matter only if the host has what the inventory does not tell of: {}",
                          "  資産情報にない次のものがある場合だけ該当: {} 件 ({})")),
         doubtful, some_of(wanted));
  if (untold != 0 && !all_)
    line(fmt::runtime(
             say("  {} more cannot be told without a feed of the distribution (bansoko feeds import): {}",
                 "  ディストリビューションの脆弱性情報 (bansoko feeds import) がないと判断できないもの: {} "
                 "件 ({})")),
         untold, some_of(packages));
  if (open > shown)
    line(fmt::runtime(say("  and {} more: bansoko assess --all", "  ほか {} 件: bansoko assess --all")),
         open - shown);
  line(fmt::runtime(say("  missing {}, unconfirmed {}, fixed {}, not applicable {}",
                        "  未適用 {}、未確認 {}、対策済み {}、該当なし {}")),
       count(judged, State::missing), count(judged, State::unconfirmed), count(judged, State::fixed),
       count(judged, State::not_applicable));
  if (judged.support.phase != SupportPhase::ended || judged.successors.empty()) return;
  std::string targets;
  for (const Successor& one : judged.successors)
    targets +=
        fmt::format("{}{}{}", targets.empty() ? "" : ", ", one.name.in(lang_),
                    one.last_day ? fmt::format(" ({})", to_text(*one.last_day, lang_)) : std::string());
  line(fmt::runtime(say("  Whatever is patched here, move to: {}", "  何を適用しても、移行が必要です: {}")),
       targets);
}

void Page::checks(const JudgedHost& judged) {
  const std::size_t failed = count(judged, CheckState::failed);
  const std::size_t unknown = count(judged, CheckState::unknown);
  line(fmt::runtime(say("  configuration: {} checks failed, {} passed, {} could not be looked at",
                        "  設定の検査: 不適合 {} 件、適合 {} 件、確認できない {} 件")),
       failed, count(judged, CheckState::passed), unknown);
  std::size_t shown = 0;
  for (const CheckResult& result : judged.checks) {
    const bool to_show = all_ ? result.state <= CheckState::unknown
                              : result.state == CheckState::failed && shown < kChecksOnScreen;
    if (!to_show) continue;
    ++shown;
    line("    {} [{}, {}] {}", result.check->id, title_of(result.state, lang_),
         title_of_severity(result.check->severity, lang_), result.check->title.in(lang_));
    line("      {}", reason_of(result, lang_));
    if (const std::string fix = fix_of(result, lang_); !fix.empty()) line("      -> {}", fix);
  }
  if (failed > shown)
    line(fmt::runtime(say("    and {} more: bansoko assess --all", "    ほか {} 件: bansoko assess --all")),
         failed - shown);
}

void Page::host(const JudgedHost& judged) {
  heading(judged);
  support(judged);
  note(judged);
  software(judged);
  gaps(judged.host);
  std::size_t shown = 0;
  for (const JudgedFinding& one : judged.findings) {
    if (!all_ && (!is_open(one.finding) || one.finding.only_if_there || shown == kOnScreen)) continue;
    finding(one);
    ++shown;
  }
  line("");
  if (count(judged, CheckState::not_applicable) != judged.checks.size()) checks(judged);
  rest(judged, shown);
  line("");
}

}  // namespace

std::size_t count(const JudgedHost& host, State state) noexcept {
  return static_cast<std::size_t>(std::ranges::count_if(
      host.findings, [&](const JudgedFinding& one) { return one.finding.state == state; }));
}

std::size_t count(const JudgedHost& host, CheckState state) noexcept {
  return static_cast<std::size_t>(std::ranges::count(host.checks, state, &CheckResult::state));
}

std::string to_text(const Assessment& assessment, Lang lang, bool all) {
  Page page(lang, all);
  for (const std::string& file : assessment.not_understood)
    page.line("{}: {}", page.say("NOT UNDERSTOOD", "解釈できません"), file);
  for (const JudgedHost& host : assessment.hosts) page.host(host);
  if (assessment.feeds.empty())
    page.line("{}",
              page.say("No feed is imported: only the history that the product knows was looked at.",
                       "脆弱性情報が取り込まれていません。製品に同梱の過去の情報だけで判断しています。"));
  return std::move(page).take();
}

}  // namespace bansoko::assess
