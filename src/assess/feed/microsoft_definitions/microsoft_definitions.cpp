// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "assess/feed/csv_reader.h"
#include "assess/feed/feed.h"
#include "assess/feed/microsoft.h"
#include "assess/feed/names.h"
#include "assess/feed/tally.h"
#include "base/printable.h"
#include "base/text.h"

/// Microsoft's product, KB and CVE as Windows Exploit Suggester NG publishes them: definitions.zip with
/// CVEs_DATE.csv and Custom_DATE.csv (https://github.com/bitsadmin/wesng).
namespace bansoko::feed::microsoft_definitions {
namespace {

enum Column : std::uint8_t {
  posted,
  cve,
  kb,
  title,
  product,
  component,
  severity,
  impact,
  supersedes,
  bulletin
};
constexpr std::array<std::string_view, 10> kColumns{
    "DatePosted",        "CVE",      "BulletinKB", "Title",      "AffectedProduct",
    "AffectedComponent", "Severity", "Impact",     "Supersedes", "BulletinId"};
using Columns = std::vector<std::optional<std::size_t>>;
using Row = std::span<const std::string_view>;

std::string_view at(const Row& row, const Columns& columns, Column column) {
  const auto place = columns[column];
  return place && *place < row.size() ? trim(row[*place]) : std::string_view();
}

/// What PowerShell writes for a list that it was not told how to write says nothing.
std::string_view word_at(const Row& row, const Columns& columns, Column column) {
  const std::string_view word = at(row, columns, column);
  return word.starts_with("System.") && word.ends_with("[]") ? std::string_view() : word;
}

/// "CVE-2015-2442CVE-2015-2446" is two.
std::vector<std::string> cves_in(std::string_view text) {
  std::vector<std::string> cves;
  while (!text.empty()) {
    std::size_t end = 1;
    while (end < text.size() && !same_text(text.substr(end, 3), "CVE")) ++end;
    std::string name = cve_of(text.substr(0, end));
    if (!name.empty()) cves.push_back(std::move(name));
    text.remove_prefix(end);
  }
  return cves;
}

bool is_bulletin(std::string_view text) {
  return text.size() >= 5 &&
         (same_text(text.substr(0, 3), "ADV") || (same_text(text.substr(0, 2), "MS") && text[4] == '-'));
}

Result<assess::MicrosoftFix> fix_of(const Row& row, const Columns& columns, std::uint64_t line,
                                    Tally& tally) {
  assess::MicrosoftFix fix;
  fix.product = at(row, columns, product);
  fix.component = at(row, columns, component);
  fix.title = at(row, columns, title);
  fix.severity = word_at(row, columns, severity);
  fix.impact = word_at(row, columns, impact);
  fix.bulletin = at(row, columns, bulletin);
  const std::string_view number = at(row, columns, kb), name = at(row, columns, cve);
  if (fix.bulletin.empty() && is_bulletin(name)) fix.bulletin = name;
  fix.kb = kb_of(number);
  if (fix.kb.empty() && !number.empty()) tally.leave_out("KBs that are no number");
  fix.supersedes = kbs_in(at(row, columns, supersedes));
  if (const std::string_view date = at(row, columns, posted); !date.empty()) {
    const auto day = assess::parse_date(date);
    if (!day) return fail(Errc::invalid, "line {}: {}", line, day.error().message);
    fix.posted = *day;
    tally.stamp.date = std::max(tally.stamp.date.value_or(*day), *day);
  }
  return fix;
}

Result<> put_row(const Row& row, const Columns& columns, std::uint64_t line, Tally& tally) {
  BANSOKO_TRY(auto fix, fix_of(row, columns, line, tally));
  const std::string_view name = at(row, columns, cve);
  const auto cves = cves_in(name);
  if (fix.product.empty()) {
    tally.leave_out("rows without a product");
    return {};
  }
  if (cves.empty() && fix.bulletin.empty() && fix.kb.empty()) {
    tally.leave_out("rows with neither CVE nor KB");
    return {};
  }
  if (cves.empty() && fix.bulletin.empty() && !name.empty()) tally.leave_out("names that are no CVE's");
  if (cves.empty()) return tally.put(fix);
  for (const std::string& each : cves) {
    fix.cve = each;
    BANSOKO_CHECK(tally.put(fix));
  }
  return {};
}

/// "CVEs_20260628.csv": its scope is "CVEs", its date that of the name.
void read_name(std::string_view name, Stamp& stamp) {
  const std::string_view stem = stem_of(name);
  const auto bar = stem.find_last_of('_');
  if (bar == std::string_view::npos) return;
  const auto day = assess::parse_date(stem.substr(bar + 1));
  if (!day) return;
  stamp.scope = printable(stem.substr(0, bar));
  stamp.date = *day;
}

Result<Stamp> read(const Input& input, Sink& sink, const Limits& limits) {
  CsvReader rows(input.bytes, limits);
  Tally tally(sink, limits);
  BANSOKO_TRY(const auto header, rows.next());
  const Columns columns = header ? columns_of(*header, kColumns) : Columns(kColumns.size());
  for (const Column needed : {cve, kb, product})
    if (!columns[needed])
      return fail(Errc::invalid, "line {}: the column '{}' is missing", rows.line(), kColumns[needed]);
  const std::size_t width = header->size();
  for (;;) {
    BANSOKO_TRY(const auto row, rows.next());
    if (!row) break;
    if (row->size() != width)
      return fail(Errc::invalid, "line {}: {} fields where the header has {}", rows.line(), row->size(),
                  width);
    BANSOKO_CHECK(put_row(*row, columns, rows.line(), tally));
  }
  read_name(input.name, tally.stamp);
  return std::move(tally.stamp);
}

bool recognises(std::string_view, std::string_view head) {
  const std::string_view first = head.substr(0, head.find('\n'));
  return first.find("BulletinKB") != std::string_view::npos &&
         first.find("AffectedProduct") != std::string_view::npos;
}

}  // namespace

const FeedFormat& describe() {
  static constexpr FeedFormat format{.name = "microsoft-definitions",
                                     .title = "Microsoft's product, KB and CVE (definitions.zip of wes-ng)",
                                     .licence = "BSD-3-Clause",
                                     .recognises = recognises,
                                     .read = read};
  return format;
}

}  // namespace bansoko::feed::microsoft_definitions
