// SPDX-License-Identifier: Apache-2.0
#include "assess/report/words.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "assess/model/role.h"
#include "base/fill_in.h"

namespace bansoko::assess {
namespace {

/// A row for each enumerator, in its order. {1} and so on are places for values, {*} for all of them.
struct Row {
  std::string_view code, en, ja;

  std::string_view in(Lang lang) const noexcept { return lang == Lang::ja ? ja : en; }
};

constexpr std::array kStates{Row{"missing", "missing", "未適用"}, Row{"unconfirmed", "unconfirmed", "未確認"},
                             Row{"fixed", "fixed", "対策済み"},
                             Row{"not_applicable", "not applicable", "該当なし"}};
constexpr std::array kHows{Row{"", "", ""},       Row{"installed", "", ""},    Row{"superseded", "", ""},
                           Row{"rollup", "", ""}, Row{"service_pack", "", ""}, Row{"package", "", ""},
                           Row{"build", "", ""}};
constexpr std::array kConfidences{Row{"high", "", ""}, Row{"medium", "", ""}, Row{"low", "", ""}};
constexpr std::array kReaches{Row{"network", "", ""}, Row{"local", "", ""}, Row{"user", "", ""}};

constexpr std::array kCauses{
    Row{"kb_installed", "{1} is installed.", "{1} が適用されています。"},
    Row{"kb_superseded", "{1} is installed, which supersedes {2}.",
        "{2} を置き換える {1} が適用されています。"},
    Row{"kb_in_rollup", "{1} is installed, which contains {2}.", "{2} を含む {1} が適用されています。"},
    Row{"kb_superseded_by_way", "{1} is installed; it stands for {3}, which supersedes {2}.",
        "{1} が適用されています。{3} を経て {2} を置き換えます。"},
    Row{"kb_in_rollup_by_way", "{1} is installed; it stands for {3}, which contains {2}.",
        "{1} が適用されています。{2} を含む {3} を置き換えるものです。"},
    Row{"in_service_pack", "{1}, which is installed, contains {2}.",
        "適用済みの {1} に {2} が含まれています。"},
    Row{"kb_absent", "The list of updates is complete, and {1} is not in it.",
        "更新プログラムの一覧は完全で、{1} が含まれていません。"},
    Row{"updates_cut", "The list of updates is cut short ({1}), so nothing can be said about {2}.",
        "更新プログラムの一覧が途中で切れている ({1}) ため、{2} の有無は判断できません。"},
    Row{"no_update_list", "The inventory has no list of updates, so nothing can be said about {1}.",
        "資産情報に更新プログラムの一覧がないため、{1} の有無は判断できません。"},
    Row{"condition_open", "It depends on what the inventory does not tell: {*}.",
        "資産情報からは分からない条件によります: {*}"},
    Row{"condition_false", "None of the products that the vendor lists is on this host.",
        "ベンダーが挙げる対象製品はこのホストにありません。"},
    Row{"vendor_not_affected", "The vendor says that this system is not affected.",
        "ベンダーはこのシステムを影響なしとしています。"},
    Row{"no_fix_published", "No fix was published: {1}", "修正は公開されていません: {2}"},
    Row{"package_older", "{1} is {2}; the fix came with {3}.",
        "{1} は {2} です。修正は {3} に含まれています。"},
    Row{"package_fixed", "{1} is {2}, which has the fix of {3}.",
        "{1} は {2} で、{3} の修正を含んでいます。"},
    Row{"package_unfixed", "{1} is {2}; the distribution has no fix.",
        "{1} は {2} です。ディストリビューションの修正はありません。"},
    Row{"package_not_affected", "The distribution says that its {1} is not affected.",
        "ディストリビューションは {1} を影響なしとしています。"},
    Row{"version_in_range",
        "{1} says that it is {2}, and versions {3} have the hole. Fixes that a distribution puts into an old "
        "version do not show in it.",
        "{1} は自身を {2} と示しており、{3} "
        "の版に脆弱性があります。古い版に移植された修正は版番号からは分かりません。"},
    Row{"version_unknown", "The version of {1} is not known.", "{1} の版が分かりません。"},
    Row{"needs_before", "{1} must be installed before {2}.", "{2} の前に {1} が必要です。"},
    Row{"after_support", "{1} was issued after the end of support.",
        "{1} はサポート終了後に公開されました。"},
    Row{"contradiction", "The inventory contradicts itself: {1}.", "資産情報に矛盾があります: {1}"},
    Row{"build_at_least", "The build is {1}; the fix came with {2}.",
        "ビルドは {1} です。修正は {2} で入りました。"},
    Row{"has_it", "The fix is in {1}.", "{2} に修正が含まれています。"},
    Row{"distribution_unknown",
        "Whether the distribution has put the fix into its package ({1}) is not known: import its feed.",
        "ディストリビューションのパッケージ ({1}) "
        "に修正が取り込まれているかは不明です。その脆弱性情報を取り込んでください。"},
    Row{"fixed_in_version", "The first version without the hole is {1}.",
        "この脆弱性のない最初の版は {1} です。"},
    Row{"claimed_only",
        "Which system it is, the host itself has said or was guessed: {1}. That proves nothing.",
        "システムの種類は、ホスト自身の申告または推測によるもので、証明にはなりません: {1}"}};

constexpr std::array kSteps{Row{"ask_vendor", "ask the vendor first", "ベンダーに確認"},
                            Row{"service_pack", "first", "先に"},
                            Row{"official", "official patch", "公式パッチ"},
                            Row{"virtual_patch", "virtual patch", "仮想パッチ"},
                            Row{"lockdown", "lockdown", "ロックダウン"},
                            Row{"isolate", "isolate", "隔離"},
                            Row{"service_off", "switch off", "不要な機能の停止"},
                            Row{"migrate", "migrate", "移行"}};

constexpr std::array kBecauses{
    Row{"install", "Install {*}.", "{*} を適用してください。"},
    Row{"file", "File: {1}.", "ファイル: {1}"},
    Row{"replaces", "It supersedes {*}.", "{*} を置き換えます。"},
    Row{"restarts_system", "The system must restart.", "システムの再起動が必要です。"},
    Row{"restarts_services", "These services stop meanwhile: {*}.", "適用中に停止するサービス: {*}"},
    Row{"restart_unknown", "Whether it needs a restart is not known here.",
        "再起動の要否は分かっていません。"},
    Row{"still_mapped", "The old {1} is still in use by {2}: restart these.",
        "更新前の {1} を {2} がまだ使用しています。再起動してください。"},
    Row{"after_support", "It was issued although support had ended.",
        "サポート終了後に特別に公開されたものです。"},
    Row{"not_verified", "Not verified: no source was opened for this.", "未検証: 出典を確認していません。"},
    Row{"no_official_patch", "There is no official patch for this host.",
        "このホスト向けの公式パッチはありません。"},
    Row{"until_patched", "A plaster until the official patch is in, not a cure.",
        "公式パッチを適用するまでの応急処置であり、根本対策ではありません。"},
    Row{"restart_feared", "It needs no restart, and can be there while the patch waits for one.",
        "再起動が不要なため、パッチの適用日まで使えます。"},
    Row{"covers", "{1}: {2}.", "{1}: {3}"},
    Row{"sees_only_clear", "What it sees: {1}.", "検査できる範囲: {1}"},
    Row{"local_hole",
        "The attack never passes the network: no virtual patch can see it. Let only registered programs "
        "start.",
        "攻撃がネットワークを通らないため仮想パッチでは防げません。登録したプログラムだけを起動させてください"
        "。"},
    Row{"user_assisted",
        "Somebody has to open or visit something: let only registered programs start, and do not browse or "
        "read mail on this server.",
        "利用者の操作を介する攻撃です。登録したプログラムだけを起動させ、このサーバーで Web "
        "やメールを使わないでください。"},
    Row{"reachable_by_few", "Let only those reach it who need it.",
        "必要な相手だけが到達できるようにしてください。"},
    Row{"past_support", "The vendor's support ended on {1}.", "ベンダーのサポートは {1} に終了しました。"},
    Row{"successor", "{1} (supported until {3}).", "{2} (サポート期限 {3})"},
    Row{"confirm_first", "First find out: {*}.", "まず確認してください: {*}"},
    Row{"certifies", "{1}: {2}", "{1}: {3}"},
    Row{"not_needed", "Nothing on this host is known to need {1}. {3}",
        "このホストで {2} を必要とするものは確認されていません。{4}"},
    Row{"os_forbids", "{1} {2}, which has the fix, does not run on this system. {3}",
        "修正を含む {1} {2} は、このシステムでは動作しません。{4}"}};

constexpr std::array kSoftware{Row{"ceiling", "{1}: the last version for this system is {2}. {4}",
                                   "{1}: このシステムで動作する最後のバージョンは {3} です。{5}"},
                               Row{"protection_over", "{1}: its support on this system ended on {2}. {3}",
                                   "{1}: このシステムでのサポートは {2} に終了しました。{4}"},
                               Row{"protection_until", "{1}: supported on this system until {2}. {3}",
                                   "{1}: このシステムでのサポート期限は {2} です。{4}"},
                               Row{"protection", "{1}: {3}", "{1}: {4}"}};

constexpr std::array kTimelines{
    Row{"3_days_forensics", "within 3 days, and look for intruders", "3 日以内 (侵入の痕跡も調査)"},
    Row{"3_days", "within 3 days", "3 日以内"}, Row{"14_days", "within 14 days", "14 日以内"},
    Row{"60_days", "within 60 days", "60 日以内"},
    Row{"next_upgrade", "with the next upgrade", "次回の更新時"}};

constexpr std::array kGaps{
    Row{"no_os", "which system it is", "システムの種類"},
    Row{"no_updates", "the list of updates", "更新プログラムの一覧"},
    Row{"updates_cut", "the list of updates is cut short", "更新プログラムの一覧が途中まで"},
    Row{"no_packages", "the list of packages", "パッケージの一覧"},
    Row{"packages_cut", "the list of packages is damaged", "パッケージの一覧が破損"},
    Row{"no_service_pack", "the service pack", "Service Pack"},
    Row{"no_architecture", "the architecture", "アーキテクチャ"},
    Row{"contradiction", "sources contradict each other", "情報源の間で矛盾"},
    Row{"unreadable", "a file could not be read to its end", "最後まで読めないファイル"},
    Row{"no_settings", "its configuration", "設定"}};

constexpr std::array<Row, kRoleNames.size()> kRoles{{{"", "file server", "ファイルサーバー"},
                                                     {"", "web server", "Web サーバー"},
                                                     {"", "database", "データベース"},
                                                     {"", "domain controller", "ドメインコントローラー"},
                                                     {"", "DNS server", "DNS サーバー"},
                                                     {"", "mail server", "メールサーバー"},
                                                     {"", "remote access", "リモートアクセス"},
                                                     {"", "print server", "プリントサーバー"}}};

constexpr std::array kExposures{Row{"derived", "", ""},
                                Row{"internet", "reachable from the Internet", "インターネットから到達可能"},
                                Row{"internal", "reachable from the own network", "社内から到達可能"},
                                Row{"isolated", "isolated", "隔離済み"}};

constexpr std::array kMigrationDoubts{
    Row{"passed", "the day passed {1} days ago", "予定日を {1} 日過ぎています"},
    Row{"after_support", "{1} days after the end of support", "サポート終了から {1} 日後です"}};

constexpr std::array kCheckStates{Row{"failed", "failed", "不適合"}, Row{"unknown", "unknown", "未確認"},
                                  Row{"passed", "passed", "適合"},
                                  Row{"not_applicable", "not applicable", "該当なし"}};
constexpr std::array kSeverities{Row{"critical", "critical", "緊急"}, Row{"high", "high", "高"},
                                 Row{"medium", "medium", "中"}, Row{"low", "low", "低"}};

constexpr std::array kSupports{
    Row{"unknown", "support not known", "サポート状況不明"}, Row{"supported", "supported", "サポート中"},
    Row{"extended", "security fixes only", "延長サポート中 (セキュリティ修正のみ)"},
    Row{"paid", "only with paid support", "有償サポートのみ"},
    Row{"ended", "past its support", "サポート終了"}};

template <std::size_t N, class E>
constexpr const Row& row(const std::array<Row, N>& rows, E value) noexcept {
  return rows[static_cast<std::size_t>(value)];
}
static_assert(row(kCauses, Cause::claimed_only).code == "claimed_only" &&
              kCauses.size() == std::size_t(Cause::claimed_only) + 1);
static_assert(row(kBecauses, Because::os_forbids).code == "os_forbids" &&
              kBecauses.size() == std::size_t(Because::os_forbids) + 1);
static_assert(row(kSteps, Step::migrate).code == "migrate" &&
              row(kGaps, Gap::no_settings).code == "no_settings");
static_assert(row(kTimelines, Timeline::next_upgrade).code == "next_upgrade" &&
              row(kSupports, SupportPhase::ended).code == "ended");
static_assert(row(kStates, State::not_applicable).code == "not_applicable" &&
              row(kHows, How::build).code == "build");
static_assert(row(kReaches, Reach::user).code == "user" &&
              row(kCheckStates, CheckState::not_applicable).code == "not_applicable");

/// Empty: none of the rows has the code.
template <std::size_t N>
std::string_view title_in(const std::array<Row, N>& rows, std::string_view code, Lang lang) noexcept {
  const auto found = std::ranges::find(rows, code, &Row::code);
  return found == rows.end() ? std::string_view() : found->in(lang);
}

std::string filled(std::string_view text, const std::vector<std::string>& words) {
  return fill_in(text, [&](std::string_view place) -> std::string {
    if (place == "*") {
      std::string all;
      for (const std::string& word : words) all += (all.empty() ? "" : ", ") + word;
      return all;
    }
    std::size_t number = 0;
    std::from_chars(place.data(), place.data() + place.size(), number);
    return number >= 1 && number <= words.size() ? words[number - 1] : std::string();
  });
}

}  // namespace

std::string sentence(const Reason& reason, Lang lang) {
  return filled(row(kCauses, reason.cause).in(lang), reason.words);
}
std::string sentence(const AdviceReason& reason, Lang lang) {
  return filled(row(kBecauses, reason.because).in(lang), reason.words);
}

std::string joined(std::span<const Reason> reasons, Lang lang) {
  std::string text;
  for (const Reason& reason : reasons) text += (text.empty() ? "" : " ") + sentence(reason, lang);
  return text;
}

std::string joined(std::span<const Advice> steps, Lang lang) {
  std::string text;
  int number = 0;
  for (const Advice& advice : steps) {
    text += fmt::format("{}{}. {}:", text.empty() ? "" : " ", ++number, title_of(advice.step, lang));
    for (const AdviceReason& reason : advice.reasons) text += " " + sentence(reason, lang);
  }
  return text;
}

std::string reason_of(const CheckResult& result, Lang lang) {
  if (result.state != CheckState::unknown) return result.check->reason.in(lang);
  return filled(row(kCauses, Cause::condition_open).in(lang), result.open);
}

std::string fix_of(const CheckResult& result, Lang lang) {
  return result.state == CheckState::failed ? result.check->fix.in(lang) : std::string();
}

std::string sentence(const MigrationDoubt& doubt, Lang lang) {
  return filled(row(kMigrationDoubts, doubt.kind).in(lang), {std::to_string(doubt.days)});
}

std::string sentence(const ReachedCeiling& reached, Lang lang) {
  const Ceiling& ceiling = *reached.ceiling;
  const bool has_version = reached.name.find(reached.version) != std::string::npos;
  return filled(kSoftware[0].in(lang), {has_version ? reached.name : reached.name + " " + reached.version,
                                        ceiling.last.en, ceiling.last.ja, ceiling.why.en, ceiling.why.ja});
}

std::string sentence(const Protecting& protecting, Lang lang) {
  const Protection& one = *protecting.protection;
  std::string day;
  if (one.end) day = to_text(lang == Lang::ja ? last_day_in_japan(*one.end, one.zone) : *one.end, lang);
  const Row& words = kSoftware[!one.end ? 3 : protecting.is_over ? 1 : 2];
  std::string text = filled(words.in(lang), {protecting.program.empty() ? one.name : protecting.program, day,
                                             one.note.en, one.note.ja});
  while (text.ends_with(' ')) text.pop_back();
  return text;
}

std::string migration_line(const JudgedHost& host, Lang lang) {
  if (!host.note || !host.note->migrate_by) return {};
  std::string text = to_text(*host.note->migrate_by, lang);
  for (const MigrationDoubt& doubt : host.migration_doubts)
    text += fmt::format("{}{}", lang == Lang::ja ? "、" : "; ", sentence(doubt, lang));
  return text;
}

std::string_view title_of(Exposure exposure, Lang lang) noexcept {
  return row(kExposures, exposure).in(lang);
}
std::string_view title_of(State state, Lang lang) noexcept { return row(kStates, state).in(lang); }
std::string_view title_of(Step step, Lang lang) noexcept { return row(kSteps, step).in(lang); }
std::string_view title_of(Timeline timeline, Lang lang) noexcept {
  return row(kTimelines, timeline).in(lang);
}
std::string_view title_of(Gap gap, Lang lang) noexcept { return row(kGaps, gap).in(lang); }
std::string_view title_of(CheckState state, Lang lang) noexcept { return row(kCheckStates, state).in(lang); }
std::string_view title_of(Role role, Lang lang) noexcept { return row(kRoles, role).in(lang); }
std::string_view title_of(SupportPhase phase, Lang lang) noexcept { return row(kSupports, phase).in(lang); }

std::string_view title_of_severity(std::string_view code, Lang lang) noexcept {
  return title_in(kSeverities, code, lang);
}
std::string_view title_of_state(std::string_view code, Lang lang) noexcept {
  const std::string_view title = title_in(kStates, code, lang);
  return title.empty() ? title_in(kCheckStates, code, lang) : title;
}

std::string_view code_of(State state) noexcept { return row(kStates, state).code; }
std::string_view code_of(How how) noexcept { return row(kHows, how).code; }
std::string_view code_of(Confidence confidence) noexcept { return row(kConfidences, confidence).code; }
std::string_view code_of(Reach reach) noexcept { return row(kReaches, reach).code; }
std::string_view code_of(Cause cause) noexcept { return row(kCauses, cause).code; }
std::string_view code_of(Step step) noexcept { return row(kSteps, step).code; }
std::string_view code_of(Because because) noexcept { return row(kBecauses, because).code; }
std::string_view code_of(Timeline timeline) noexcept { return row(kTimelines, timeline).code; }
std::string_view code_of(Gap gap) noexcept { return row(kGaps, gap).code; }
std::string_view code_of(SupportPhase phase) noexcept { return row(kSupports, phase).code; }
std::string_view code_of(Exposure exposure) noexcept { return row(kExposures, exposure).code; }
std::string_view code_of(MigrationDoubt::Kind kind) noexcept { return row(kMigrationDoubts, kind).code; }
std::string_view code_of(CheckState state) noexcept { return row(kCheckStates, state).code; }

}  // namespace bansoko::assess
