// SPDX-License-Identifier: Apache-2.0
#include "lockdown/scan/report.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/printable.h"

namespace bansoko::scan {
namespace {

constexpr std::size_t kShown = 20;
constexpr double kMebi = 1024.0 * 1024.0;

std::string_view text_of(Lang lang, std::string_view en, std::string_view ja) noexcept {
  return lang == Lang::ja ? ja : en;
}

template <class... Args>
std::string say(Lang lang, std::string_view en, std::string_view ja, const Args&... args) {
  return fmt::format(fmt::runtime(text_of(lang, en, ja)), args...);
}

class Text {
 public:
  Text(const Scan& scan, Lang lang, bool all) : scan_(scan), lang_(lang), shown_(all ? SIZE_MAX : kShown) {}

  std::string write() {
    head();
    counts();
    suspicious();
    left_out();
    outside();
    list(text_of(lang_, "Records of packages that could not be read", "読めなかったパッケージの記録"),
         scan_.faults);
    how_to_approve();
    return std::move(text_);
  }

 private:
  void head() {
    std::string paths;
    for (const std::string& path : scan_.paths) paths += (paths.empty() ? "" : " ") + printable(path);
    const Totals& totals = scan_.totals;
    text_ +=
        say(lang_,
            "{}: {} files in {} folders, {} of them can execute; {} s, {:.0f} MiB of {} files read, {} files "
            "unchanged since they were read before\n",
            "{}: {} ファイル（{} フォルダー）のうち {} が実行可能; {} 秒、{:.0f} MiB（{} "
            "ファイル）を読み取り、{} "
            "ファイルは前回から変更なし\n",
            paths, totals.files, totals.folders, scan_.found.size(), scan_.ended - scan_.begun,
            static_cast<double>(totals.bytes) / kMebi, totals.digested, totals.reused);
    if (!scan_.malware_scanner.empty())
      text_ +=
          say(lang_, "Malware scanner: {}\n", "マルウェアスキャナー: {}\n", printable(scan_.malware_scanner));
  }

  void counts() {
    std::array<std::array<std::size_t, kStandings>, identity::kFileKinds> counts{};
    for (const Found& found : scan_.found)
      ++counts.at(static_cast<std::size_t>(found.kind))
            .at(static_cast<std::size_t>(standing_of(found.match)));
    for (std::size_t kind = 0; kind < counts.size(); ++kind) {
      std::string line;
      for (std::size_t i = 0; i < kStandings; ++i)
        if (counts.at(kind).at(i) != 0)
          line += fmt::format("{}{} {}", line.empty() ? "" : ", ", counts.at(kind).at(i),
                              words_of(static_cast<Standing>(i), lang_));
      if (!line.empty())
        text_ += fmt::format("  {}: {}\n", words_of(static_cast<identity::FileKind>(kind), lang_), line);
    }
  }

  void suspicious() {
    const auto count =
        std::ranges::count_if(scan_.found, [](const Found& one) { return one.suspicions.any(); });
    if (count == 0) {
      text_ += text_of(lang_, "\nNothing suspicious.\n", "\n疑わしいものはありません。\n");
      return;
    }
    text_ += say(lang_, "\nSuspicious: {} files. Look at them before you approve anything.\n",
                 "\n疑わしいもの: {} ファイル。承認する前に確認してください。\n", count);
    for (std::size_t i = 0; i < kSuspicions; ++i) {
      std::vector<std::string> lines;
      for (const Found& found : scan_.found)
        if (first_of(found.suspicions) == static_cast<Suspicion>(i)) lines.push_back(line_of(found, i));
      list(words_of(static_cast<Suspicion>(i), lang_), lines);
    }
  }

  static Suspicion first_of(const Suspicions& suspicions) noexcept {
    for (std::size_t i = 0; i < kSuspicions; ++i)
      if (suspicions.has(static_cast<Suspicion>(i))) return static_cast<Suspicion>(i);
    return static_cast<Suspicion>(kSuspicions);
  }

  std::string line_of(const Found& found, std::size_t heading) const {
    std::string line = printable(found.path);
    if (!found.package.empty()) line += fmt::format(" [{}]", printable(found.package));
    if (!found.malware.empty()) line += fmt::format(" {}", printable(found.malware));
    for (std::size_t i = heading + 1; i < kSuspicions; ++i)
      if (found.suspicions.has(static_cast<Suspicion>(i)))
        line += fmt::format("; {}", words_of(static_cast<Suspicion>(i), lang_));
    return line;
  }

  void left_out() {
    for (std::size_t i = 0; i < kReasons; ++i) {
      std::vector<std::string> lines;
      for (const LeftOut& one : scan_.left_out)
        if (one.reason == static_cast<Reason>(i))
          lines.push_back(printable(one.path) + (one.detail.empty() ? "" : ": " + printable(one.detail)));
      list(say(lang_, "Left out: {}", "対象外: {}", words_of(static_cast<Reason>(i), lang_)), lines);
    }
    if (scan_.left_out_more != 0)
      text_ += say(lang_, "  and {} more that are not named\n", "  ほか {} 件（名前は省略）\n",
                   scan_.left_out_more);
  }

  void outside() {
    std::vector<Outside> folders = scan_.outside;
    std::ranges::stable_sort(folders, std::ranges::greater(), &Outside::files);
    std::vector<std::string> lines;
    lines.reserve(folders.size());
    for (const Outside& one : folders)
      lines.push_back(say(lang_, "{}: {} files", "{}: {} ファイル", printable(one.folder), one.files));
    list(text_of(
             lang_,
             "Left out: code by its name, of no package and where no interpreter looks (--code-tree FOLDER "
             "takes it in)",
             "対象外: 名前はコードだが、パッケージ外でインタープリターの検索先でもない (--code-tree FOLDER "
             "で追加)"),
         lines);
    if (scan_.outside_more != 0)
      text_ += say(lang_, "  and {} files in other folders\n", "  ほかのフォルダーに {} ファイル\n",
                   scan_.outside_more);
  }

  void list(std::string_view heading, const std::vector<std::string>& lines) {
    if (lines.empty()) return;
    text_ += fmt::format("\n{} ({}):\n", heading, lines.size());
    for (std::size_t i = 0; i < std::min(lines.size(), shown_); ++i) text_ += fmt::format("  {}\n", lines[i]);
    if (lines.size() > shown_)
      text_ += say(lang_, "  and {} more (--all shows them)\n", "  ほか {} 件 (--all で表示)\n",
                   lines.size() - shown_);
  }

  void how_to_approve() {
    text_ += text_of(
        lang_,
        "\nTo approve what is not suspicious: bansoko lockdown scan --last --approve\n"
        "To approve suspicious ones too: --with PATH (a file or a folder, as often as needed), or "
        "--with-suspicious. Malware is never approved.\n",
        "\n疑わしくないものを承認: bansoko lockdown scan --last --approve\n"
        "疑わしいものも承認: --with PATH（ファイルまたはフォルダー、複数可）または --with-suspicious。"
        "マルウェアは承認されません。\n");
  }

  const Scan& scan_;
  Lang lang_;
  std::size_t shown_;
  std::string text_;
};

}  // namespace

std::string to_text(const Scan& scan, Lang lang, bool all) { return Text(scan, lang, all).write(); }

}  // namespace bansoko::scan
