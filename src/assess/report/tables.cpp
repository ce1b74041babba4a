// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "assess/applicability/condition.h"
#include "assess/report/escape.h"
#include "assess/report/render.h"
#include "assess/report/words.h"

namespace bansoko::assess {
namespace {

using Cells = std::vector<std::string>;

struct Column {
  std::string_view en, ja;
};
constexpr std::array kColumns{
    Column{"host", "ホスト"},     Column{"id", "識別子"},       Column{"state", "状態"},
    Column{"due", "期限の目安"},  Column{"title", "題名"},      Column{"CVE", "CVE"},
    Column{"CVSS v3", "CVSS v3"}, Column{"CVSS v2", "CVSS v2"}, Column{"IPA level", "IPA レベル"},
    Column{"EPSS", "EPSS"},       Column{"severity", "深刻度"}, Column{"reasons", "理由"},
    Column{"what to do", "対応"}};

/// Of the table of checks, where it is one of its own.
constexpr std::array kCheckColumns{Column{"check", "設定の検査項目"}, Column{"title", "題名"},
                                   Column{"state", "状態"},           Column{"severity", "深刻度"},
                                   Column{"reason", "理由"},          Column{"what to do", "対応"}};

std::string score(const std::optional<double>& value) {
  return value ? fmt::format("{:.1f}", *value) : std::string();
}

/// The vendor's own word where it is none of ours.
std::string severity_text(const std::string& severity, Lang lang) {
  const std::string_view title = title_of_severity(severity, lang);
  return title.empty() ? severity : std::string(title);
}

Cells cells_of(const JudgedHost& host, const JudgedFinding& judged, Lang lang) {
  const Finding& finding = judged.finding;
  const Priority& priority = judged.priority;
  const bool open = is_open(finding);
  return {host.host.name,
          finding.id,
          std::string(title_of(finding.state, lang)),
          open ? std::string(title_of(priority.timeline, lang)) : std::string(),
          finding.title.in(lang),
          fmt::format("{}", fmt::join(finding.cves, " ")),
          score(priority.cvss3),
          score(priority.cvss2),
          std::string("III").substr(0, priority.ipa),
          priority.epss ? fmt::format("{:.3f}", *priority.epss) : std::string(),
          severity_text(finding.severity, lang),
          joined(finding.reasons, lang),
          joined(judged.advice, lang)};
}

/// Of a check, in the columns of findings.
Cells wide_cells_of(const JudgedHost& host, const CheckResult& result, Lang lang) {
  const Check& check = *result.check;
  return {host.host.name,
          check.id,
          std::string(title_of(result.state, lang)),
          {},
          check.title.in(lang),
          {},
          {},
          {},
          {},
          {},
          severity_text(check.severity, lang),
          reason_of(result, lang),
          fix_of(result, lang)};
}

Cells cells_of(const CheckResult& result, Lang lang) {
  const Check& check = *result.check;
  return {check.id,
          check.title.in(lang),
          std::string(title_of(result.state, lang)),
          severity_text(check.severity, lang),
          reason_of(result, lang),
          fix_of(result, lang)};
}

/// Those that the host was asked.
std::vector<CheckResult> asked_of(const JudgedHost& host) {
  std::vector<CheckResult> asked;
  for (const CheckResult& result : host.checks)
    if (result.state != CheckState::not_applicable) asked.push_back(result);
  return asked;
}

template <std::size_t N>
Cells heads(const std::array<Column, N>& columns, Lang lang) {
  Cells cells;
  for (const Column& column : columns) cells.emplace_back(lang == Lang::ja ? column.ja : column.en);
  return cells;
}

/// A cell of RFC 4180; text from outside must not become a formula.
std::string csv_cell(const std::string& text) {
  std::string cell = "\"";
  if (!text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos)
    cell += '\'';
  for (const char c : text) cell += c == '"' ? std::string("\"\"") : std::string(1, c);
  return cell + '"';
}

/// What the operator says of a host; in CSV, where each line stands for itself, behind all others.
constexpr std::array kNoteColumns{Column{"owner", "担当"}, Column{"migrate by", "移行予定日"}};

Cells with_note(Cells cells, const JudgedHost& host, Lang lang) {
  cells.push_back(host.note ? host.note->owner : std::string());
  cells.push_back(migration_line(host, lang));
  return cells;
}

/// "owner: Sato; to be replaced by: 2027-03-31"; empty: the operator says nothing.
std::string note_line(const JudgedHost& host, Lang lang) {
  if (!host.note) return {};
  std::string text;
  const auto add = [&](std::string_view en, std::string_view ja, std::string_view value) {
    if (value.empty()) return;
    text += fmt::format("{}{}: {}", text.empty() ? "" : "; ", lang == Lang::ja ? ja : en, value);
  };
  add("owner", "担当", host.note->owner);
  add("exposure", "公開範囲", title_of(host.note->exposure, lang));
  add("to be replaced by", "移行予定日", migration_line(host, lang));
  add("note", "備考", host.note->note);
  return text;
}

/// What its programs cannot become, and what no longer protects it.
std::vector<std::string> software_lines(const JudgedHost& host, Lang lang) {
  std::vector<std::string> lines;
  for (const ReachedCeiling& one : host.ceilings) lines.push_back(sentence(one, lang));
  for (const Protecting& one : host.protections)
    if (!one.program.empty()) lines.push_back(sentence(one, lang));
  return lines;
}

std::string csv_line(const Cells& cells) {
  std::string line;
  for (const std::string& cell : cells) line += (line.empty() ? "" : ",") + csv_cell(cell);
  return line + "\r\n";
}

Cells csv_heads(Lang lang) {
  Cells cells = heads(kColumns, lang);
  for (Cells more = heads(kNoteColumns, lang); std::string & head : more) cells.push_back(std::move(head));
  return cells;
}

std::string support_line(const JudgedHost& judged, Lang lang) {
  const SupportState& support = judged.support;
  if (!support.last_day) return std::string(title_of(support.phase, lang));
  const Date day = lang == Lang::ja ? last_day_in_japan(*support.last_day, support.zone) : *support.last_day;
  return fmt::format("{} ({})", title_of(support.phase, lang), to_text(day, lang));
}

std::string gaps_of(const Host& host, Lang lang) {
  std::string text;
  for (const Missing& missing : host.missing)
    text += fmt::format("{}{}{}", text.empty() ? "" : "; ", title_of(missing.gap, lang),
                        missing.what.empty() ? std::string() : " (" + missing.what + ")");
  return text;
}

std::string md_line(Cells cells) {
  for (std::string& cell : cells) cell = escaped(cell);
  return fmt::format("| {} |\n", fmt::join(cells, " | "));
}

std::string html_row(const Cells& cells, std::string_view tag, std::string_view state) {
  std::string row = fmt::format("<tr class=\"{}\">", state);
  for (const std::string& cell : cells) row += fmt::format("<{0}>{1}</{0}>", tag, escaped(cell));
  return row + "</tr>\n";
}

constexpr std::string_view kStyle =
    "body{font-family:sans-serif;margin:1.5em;line-height:1.4}table{border-collapse:collapse;width:100%}"
    "th,td{border:1px solid #bbb;padding:.3em .5em;text-align:left;vertical-align:top;font-size:90%}"
    "th{background:#eee}:is(.missing,.failed) td:nth-child(3){background:#f6c7c2}"
    ":is(.unconfirmed,.unknown) td:nth-child(3){background:#f8e6b0}"
    ":is(.fixed,.passed) td:nth-child(3){background:#cfe8cf}@media print{tr{break-inside:avoid}}";

}  // namespace

std::string to_csv(const Assessment& assessment, Lang lang) {
  std::string text =
      "\xef\xbb\xbf" + csv_line(csv_heads(lang));  // spreadsheets in Japan need the mark to see UTF-8
  for (const JudgedHost& host : assessment.hosts) {
    for (const JudgedFinding& finding : host.findings)
      text += csv_line(with_note(cells_of(host, finding, lang), host, lang));
    for (const CheckResult& result : asked_of(host))
      text += csv_line(with_note(wide_cells_of(host, result, lang), host, lang));
  }
  return text;
}

std::string to_markdown(const Assessment& assessment, Lang lang) {
  std::string text;
  for (const JudgedHost& host : assessment.hosts) {
    text += fmt::format("## {}\n\n{}: {}\n\n", escaped(host.host.name), escaped(host.host.os.name),
                        support_line(host, lang));
    if (const std::string note = note_line(host, lang); !note.empty()) text += escaped(note) + "\n\n";
    for (const std::string& line : software_lines(host, lang)) text += escaped(line) + "\n\n";
    if (!host.host.missing.empty())
      text += fmt::format("**{}**: {}\n\n", lang == Lang::ja ? "情報不足" : "Incomplete",
                          escaped(gaps_of(host.host, lang)));
    text += md_line(heads(kColumns, lang)) + md_line(Cells(kColumns.size(), "---"));
    for (const JudgedFinding& finding : host.findings) text += md_line(cells_of(host, finding, lang));
    text += '\n';
    if (const auto asked = asked_of(host); !asked.empty()) {
      text += md_line(heads(kCheckColumns, lang)) + md_line(Cells(kCheckColumns.size(), "---"));
      for (const CheckResult& result : asked) text += md_line(cells_of(result, lang));
      text += '\n';
    }
  }
  return text;
}

std::string to_html(const Assessment& assessment, Lang lang) {
  const std::string_view title = lang == Lang::ja ? "脆弱性とサポートの評価" : "Assessment";
  std::string text = fmt::format(
      "<!DOCTYPE html>\n<html lang=\"{}\"><head><meta "
      "charset=\"utf-8\"><title>{}</title><style>{}</style></head><body>\n"
      "<h1>{} {}</h1>\n",
      lang == Lang::ja ? "ja" : "en", title, kStyle, title, to_text(assessment.on, lang));
  for (const JudgedHost& host : assessment.hosts) {
    text += fmt::format("<h2>{}</h2>\n<p>{}: {}</p>\n", escaped(host.host.name), escaped(host.host.os.name),
                        support_line(host, lang));
    if (const std::string note = note_line(host, lang); !note.empty())
      text += fmt::format("<p>{}</p>\n", escaped(note));
    for (const std::string& line : software_lines(host, lang))
      text += fmt::format("<p>{}</p>\n", escaped(line));
    if (!host.host.missing.empty())
      text += fmt::format("<p><b>{}</b>: {}</p>\n", lang == Lang::ja ? "情報不足" : "Incomplete",
                          escaped(gaps_of(host.host, lang)));
    text += "<table>\n" + html_row(heads(kColumns, lang), "th", "");
    for (const JudgedFinding& finding : host.findings)
      text += html_row(cells_of(host, finding, lang), "td", code_of(finding.finding.state));
    text += "</table>\n";
    const auto asked = asked_of(host);
    if (asked.empty()) continue;
    text += "<br><table>\n" + html_row(heads(kCheckColumns, lang), "th", "");
    for (const CheckResult& result : asked)
      text += html_row(cells_of(result, lang), "td", code_of(result.state));
    text += "</table>\n";
  }
  return text + "</body></html>\n";
}

}  // namespace bansoko::assess
