// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <charconv>

#include "assess/feed/csv_reader.h"
#include "assess/feed/feed.h"
#include "assess/feed/names.h"
#include "assess/feed/tally.h"
#include "base/printable.h"
#include "base/text.h"

/// The Exploit Prediction Scoring System's scores of one day: epss_scores-DATE.csv.gz
/// (https://www.first.org/epss/data_stats). Before version 2 (February 2022) there was no first line of
/// comment, and no percentile before September 2021.
namespace bansoko::feed::epss {
namespace {

constexpr std::array<std::string_view, 3> kColumns{"cve", "epss", "percentile"};

/// A number from 0 to 1.
Result<double> share_of(std::string_view text, std::uint64_t line) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || !(number >= 0 && number <= 1))
    return fail(Errc::invalid, "line {}: '{}' is not a number from 0 to 1", line,
                printable(text.substr(0, 40)));
  return number;
}

/// "#model_version:v2026.06.15,score_date:2026-09-29T12:00:22Z"; without it the date in the file's name.
void read_stamp(std::string_view comment, std::string_view name, Stamp& stamp) {
  const auto value_of = [comment](std::string_view key) {
    const auto found = comment.find(key);
    const std::string_view rest =
        found == std::string_view::npos ? std::string_view() : comment.substr(found + key.size());
    return trim(rest.substr(0, rest.find(',')));
  };
  stamp.version = printable(value_of("model_version:").substr(0, 80));
  auto date = assess::parse_date(value_of("score_date:"));
  const std::string_view stem = stem_of(name);
  if (!date && stem.size() > 10) date = assess::parse_date(stem.substr(stem.size() - 10));
  if (date) stamp.date = *date;
}

Result<Stamp> read(const Input& input, Sink& sink, const Limits& limits) {
  CsvReader rows(input.bytes, limits);
  Tally tally(sink, limits);
  BANSOKO_TRY(const auto header, rows.next());
  if (!header) return fail(Errc::invalid, "the line that names the columns is missing");
  const auto columns = columns_of(*header, kColumns);
  if (!columns[0] || !columns[1])
    return fail(Errc::invalid, "line {}: the columns 'cve' and 'epss' are missing", rows.line());
  const std::size_t width = header->size();
  for (;;) {
    BANSOKO_TRY(const auto row, rows.next());
    if (!row) break;
    if (row->size() != width)
      return fail(Errc::invalid, "line {}: {} fields where the header has {}", rows.line(), row->size(),
                  width);
    assess::ExploitProbability record{.cve = cve_of((*row)[*columns[0]])};
    BANSOKO_TRY(record.probability, share_of(trim((*row)[*columns[1]]), rows.line()));
    if (columns[2]) {
      BANSOKO_TRY(record.percentile, share_of(trim((*row)[*columns[2]]), rows.line()));
    }
    if (record.cve.empty())
      tally.leave_out("names that are no CVE's");
    else
      BANSOKO_CHECK(tally.put(record));
  }
  read_stamp(rows.first_comment(), input.name, tally.stamp);
  return std::move(tally.stamp);
}

bool recognises(std::string_view, std::string_view head) {
  if (head.starts_with("\xef\xbb\xbf")) head.remove_prefix(3);
  return head.starts_with("#model_version:") || same_text(head.substr(0, 8), "cve,epss");
}

}  // namespace

const FeedFormat& describe() {
  static constexpr FeedFormat format{.name = "epss",
                                     .title = "EPSS, the Exploit Prediction Scoring System",
                                     .licence = "free, with attribution to FIRST.org",
                                     .recognises = recognises,
                                     .read = read};
  return format;
}

}  // namespace bansoko::feed::epss
