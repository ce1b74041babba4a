// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <charconv>

#include "assess/feed/bulletin_search/workbook.h"
#include "assess/feed/microsoft.h"
#include "assess/feed/tally.h"
#include "assess/feed/xml_feed.h"
#include "base/text.h"

/// Microsoft's spreadsheets of all security bulletins, BulletinSearch.xlsx (2008-2017) and
/// BulletinSearch2001-2008.xlsx: one row for each product that a bulletin is for.
namespace bansoko::feed::bulletin_search {
namespace {

enum Column : std::size_t {
  column_posted,
  column_bulletin,
  column_bulletin_kb,
  column_severity,
  column_impact,
  column_title,
  column_product,
  column_kb,
  column_component,
  column_supersedes,
  column_cves,
  column_count
};

constexpr std::array<std::string_view, column_count> kHeadings{
    "date posted",      "bulletin id",  "bulletin kb",        "severity",   "impact", "title",
    "affected product", "component kb", "affected component", "supersedes", "cves"};

/// "Bulletin\nID" is "bulletin id".
std::string heading_of(std::string_view text) {
  std::string made;
  for (const char c : lowered(trim(text))) {
    const bool blank = c == ' ' || c == '\n' || c == '\r' || c == '\t';
    if (!blank)
      made += c;
    else if (!made.ends_with(' '))
      made += ' ';
  }
  return made;
}

/// "10/23/2008", as some copies of the file have it.
std::optional<assess::Date> american_day(std::string_view text) {
  std::array<unsigned, 3> numbers{};
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const auto read = std::from_chars(text.data(), text.data() + text.size(), numbers[i]);
    if (read.ec != std::errc()) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(read.ptr - text.data()));
    if (i == 2) break;
    if (!text.starts_with('/')) return std::nullopt;
    text.remove_prefix(1);
  }
  if (numbers[2] > 9999) return std::nullopt;
  const std::chrono::year_month_day date(std::chrono::year(static_cast<int>(numbers[2])),
                                         std::chrono::month(numbers[0]), std::chrono::day(numbers[1]));
  if (!date.ok()) return std::nullopt;
  return assess::Date(date);
}

/// Bulletins that are superseded without the KB being named: "MS01-052" but not "MS01-052[307454]".
std::uint64_t without_kb(std::string_view text) {
  std::uint64_t count = 0;
  for (auto at = text.find("MS"); at != std::string_view::npos; at = text.find("MS", at + 2)) {
    const auto end = text.find_first_of("[,; ", at);
    if (end == std::string_view::npos || text[end] != '[') ++count;
  }
  return count;
}

class Sheets {
 public:
  Sheets(Sink& sink, const Limits& limits) : tally(sink, limits) {}

  Result<> take(const Row& row) {
    if (row.sheet != sheet_) {
      sheet_ = row.sheet;
      known_ = false;
    }
    if (!known_) return find_headings(row);
    return put(row);
  }

  bool found() const noexcept { return found_; }

  Tally tally;

 private:
  /// Of severity and impact the first are the bulletin's, the last the product's.
  Result<> find_headings(const Row& row) {
    places_.fill({});
    for (std::size_t i = 0; i < row.cells.size(); ++i)
      for (std::size_t column = 0; column < column_count; ++column)
        if (heading_of(row.cells[i]) == kHeadings[column]) places_[column].push_back(i);
    known_ = !places_[column_bulletin].empty() && !places_[column_product].empty();
    found_ |= known_;
    return {};
  }

  /// The last of a column's cells that is not empty.
  std::string_view text(const Row& row, Column column) const {
    const auto& places = places_[column];
    // NOLINTNEXTLINE(modernize-loop-convert): Clang 14 cannot compile reverse_view of this library
    for (auto place = places.rbegin(); place != places.rend(); ++place)
      if (*place < row.cells.size() && !trim(row.cells[*place]).empty()) return trim(row.cells[*place]);
    return {};
  }

  std::optional<assess::Date> posted(const Row& row) const {
    const std::string_view day = text(row, column_posted);
    if (const auto date = day_of_number(day, row.dates_from_1904)) return date;
    if (const auto date = date_of(day)) return date;
    return american_day(day);
  }

  Result<> put(const Row& row) {
    assess::MicrosoftFix fix{.posted = posted(row)};
    fix.bulletin = text(row, column_bulletin);
    fix.product = text(row, column_product);
    if (fix.bulletin.empty() && fix.product.empty()) return {};  // an empty row
    fix.kb = kb_of(text(row, column_kb));
    if (fix.kb.empty()) fix.kb = kb_of(text(row, column_bulletin_kb));
    if (fix.kb.empty() || fix.product.empty()) {
      tally.leave_out(fix.kb.empty() ? "row without a KB" : "row without a product");
      return {};
    }
    fix.component = text(row, column_component);
    fix.title = text(row, column_title);
    fix.severity = text(row, column_severity);
    fix.impact = text(row, column_impact);
    fix.supersedes = kbs_in(text(row, column_supersedes));
    tally.leave_out("superseded bulletin without a KB", without_kb(text(row, column_supersedes)));
    if (fix.posted) tally.stamp.date = std::max(tally.stamp.date.value_or(*fix.posted), *fix.posted);
    return put_cves(text(row, column_cves), std::move(fix));
  }

  Result<> put_cves(std::string_view cves, assess::MicrosoftFix fix) {
    bool any = false;
    while (!cves.empty()) {
      const std::string_view one = cves.substr(0, cves.find_first_of(",; \t\r\n"));
      cves.remove_prefix(std::min(one.size() + 1, cves.size()));
      if (one.empty()) continue;
      if (!is_cve(one)) {
        tally.leave_out("name that is no CVE");
        continue;
      }
      any = true;
      fix.cve = one;
      BANSOKO_CHECK(tally.put(fix));
    }
    return any ? Result<>() : tally.put(fix);
  }

  std::string sheet_;
  std::array<std::vector<std::size_t>, column_count> places_;
  bool known_ = false;
  bool found_ = false;
};

constexpr std::size_t kMostArchiveBytes = std::size_t{64} << 20U;

Result<std::string> whole(ByteSource& bytes) {
  std::string all;
  std::array<char, 65536> piece{};
  while (true) {
    BANSOKO_TRY(const std::size_t got, bytes.read(piece));
    if (got == 0) return all;
    if (got > kMostArchiveBytes - all.size())
      return fail(Errc::limit, "a workbook of more than {} bytes", kMostArchiveBytes);
    all.append(piece.data(), got);
  }
}

Result<Stamp> read(const Input& input, Sink& sink, const Limits& limits) {
  BANSOKO_TRY(const std::string archive, whole(input.bytes));
  Sheets sheets(sink, limits);
  BANSOKO_CHECK(
      read_workbook(as_bytes(archive), limits, [&sheets](const Row& row) { return sheets.take(row); }));
  if (!sheets.found())
    return fail(Errc::invalid, "a workbook without the columns 'Bulletin Id' and 'Affected Product'");
  sheets.tally.stamp.scope = file_stem(input.name);
  return std::move(sheets.tally.stamp);
}

bool recognises(std::string_view name, std::string_view head) {
  return head.starts_with("PK\x03\x04") &&
         (lowered(name).ends_with(".xlsx") || head.find("[Content_Types].xml") != std::string_view::npos);
}

}  // namespace

const FeedFormat& describe() {
  static constexpr FeedFormat kFormat{.name = "bulletin-search",
                                      .title = "Microsoft security bulletins, BulletinSearch.xlsx",
                                      .licence = "Microsoft's terms of use",
                                      .recognises = recognises,
                                      .read = read,
                                      .whole_archive = true};
  return kFormat;
}

}  // namespace bansoko::feed::bulletin_search
