// SPDX-License-Identifier: Apache-2.0
#include <array>

#include <nlohmann/json.hpp>

#include "assess/feed/csv_reader.h"
#include "assess/feed/feed.h"
#include "assess/feed/json_reader.h"
#include "assess/feed/names.h"
#include "assess/feed/tally.h"
#include "base/printable.h"
#include "base/text.h"

/// CISA's catalogue of known exploited vulnerabilities: known_exploited_vulnerabilities.json
/// and .csv (https://www.cisa.gov/known-exploited-vulnerabilities-catalog, which also has its schema).
namespace bansoko::feed::cisa_kev {
namespace {

constexpr std::array<std::string_view, 4> kPlaces{"vulnerabilities/*", "catalogVersion", "dateReleased",
                                                  "count"};

/// As both forms name them.
constexpr std::array<std::string_view, 7> kFields{"cveID",
                                                  "vendorProject",
                                                  "product",
                                                  "vulnerabilityName",
                                                  "dateAdded",
                                                  "dueDate",
                                                  "knownRansomwareCampaignUse"};
using Fields = std::array<std::string_view, kFields.size()>;

std::optional<assess::Date> day_of(std::string_view text) {
  const auto day = assess::parse_date(text);
  return day ? std::optional(*day) : std::nullopt;
}

Result<> put_entry(const Fields& fields, Tally& tally) {
  assess::KnownExploited record;
  record.cve = cve_of(fields[0]);
  record.vendor = fields[1];
  record.product = fields[2];
  record.name = fields[3];
  record.added = day_of(fields[4]);
  record.due = day_of(fields[5]);
  record.ransomware = same_text(fields[6], "Known");
  if (record.cve.empty()) {
    tally.leave_out("entries without a CVE");
    return {};
  }
  return tally.put(record);
}

Result<> put_entry(const nlohmann::json& entry, Tally& tally) {
  Fields fields;
  for (std::size_t i = 0; i < kFields.size(); ++i) fields[i] = text_in(entry, kFields[i]);
  return put_entry(fields, tally);
}

/// known_exploited_vulnerabilities.csv, which says neither its version nor its date: that of the entry added
/// last stands for it.
Result<Stamp> read_csv(const Input& input, Sink& sink, const Limits& limits) {
  CsvReader rows(input.bytes, limits);
  Tally tally(sink, limits);
  BANSOKO_TRY(const auto header, rows.next());
  if (!header) return fail(Errc::invalid, "the line that names the columns is missing");
  const auto columns = columns_of(*header, kFields);
  if (!columns[0] || !columns[4])
    return fail(Errc::invalid, "line {}: the columns 'cveID' and 'dateAdded' are missing", rows.line());
  const std::size_t width = header->size();
  for (;;) {
    BANSOKO_TRY(const auto row, rows.next());
    if (!row) return std::move(tally.stamp);
    if (row->size() != width)
      return fail(Errc::invalid, "line {}: {} fields where the header has {}", rows.line(), row->size(),
                  width);
    Fields fields;
    for (std::size_t i = 0; i < kFields.size(); ++i)
      if (columns[i]) fields[i] = (*row)[*columns[i]];
    if (const auto added = day_of(fields[4]); added && (!tally.stamp.date || *added > *tally.stamp.date))
      tally.stamp.date = *added;
    BANSOKO_CHECK(put_entry(fields, tally));
  }
}

Result<Stamp> read_json_form(const Input& input, Sink& sink, const Limits& limits) {
  Tally tally(sink, limits);
  std::uint64_t entries = 0;
  std::optional<std::uint64_t> announced;
  BANSOKO_CHECK(read_json(
      input.bytes, limits, kPlaces,
      [&](std::size_t place, std::span<const std::string>, const nlohmann::json& value) -> Result<> {
        if (place == 0) {
          ++entries;
          return put_entry(value, tally);
        }
        if (place == 3 && value.is_number_unsigned()) announced = value.get<std::uint64_t>();
        if (!value.is_string()) return {};
        const auto& text = value.get_ref<const std::string&>();
        const auto day = assess::parse_date(text);
        if (place == 1) tally.stamp.version = printable(text.substr(0, 80));
        if (place == 2 && day) tally.stamp.date = *day;
        return {};
      }));
  if (announced && *announced != entries)
    return fail(Errc::invalid, "{} entries where it announces {}", entries, *announced);
  return std::move(tally.stamp);
}

Result<Stamp> read(const Input& input, Sink& sink, const Limits& limits) {
  return trim(input.head).starts_with('{') ? read_json_form(input, sink, limits)
                                           : read_csv(input, sink, limits);
}

bool recognises(std::string_view, std::string_view head) {
  if (head.starts_with("\xef\xbb\xbf")) head.remove_prefix(3);
  if (head.starts_with("cveID,")) return true;
  return holds(head, "catalogVersion") || (holds(head, "cveID") && holds(head, "vulnerabilityName"));
}

}  // namespace

const FeedFormat& describe() {
  static constexpr FeedFormat format{.name = "cisa-kev",
                                     .title = "CISA's known exploited vulnerabilities",
                                     .licence = "CC0-1.0",
                                     .recognises = recognises,
                                     .read = read};
  return format;
}

}  // namespace bansoko::feed::cisa_kev
