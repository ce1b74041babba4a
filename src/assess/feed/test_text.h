// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "assess/feed/test_feed.h"

/// For tests of the readers of general feeds: records as text, a line each.
namespace bansoko::feed {

inline std::string day_text(const std::optional<assess::Date>& date) {
  return date ? assess::to_text(*date) : "-";
}
inline std::string score_text(const std::optional<assess::Cvss>& cvss) {
  return cvss ? fmt::format("{:.1f} {}", cvss->score, cvss->vector) : "-";
}

inline std::string lines_of(const KeptRecords& kept) {
  std::string text;
  for (const auto& one : kept.vulnerabilities)
    text += fmt::format("{} {} {} '{}' '{}' {} / {}{}\n", one.cve, day_text(one.published),
                        day_text(one.modified), one.title, one.description, score_text(one.cvss2),
                        score_text(one.cvss3), one.rejected ? " rejected" : "");
  for (const auto& one : kept.affected) {
    text += fmt::format("{} {} {} {} {} '{}'", one.cve, one.part, one.product, one.version, one.update,
                        one.edition);
    if (!one.from.empty()) text += fmt::format(" {} {}", one.from_included ? ">=" : ">", one.from);
    if (!one.to.empty()) text += fmt::format(" {} {}", one.to_included ? "<=" : "<", one.to);
    if (!one.running_on.empty()) text += fmt::format(" on {}", fmt::join(one.running_on, " "));
    text += "\n";
  }
  for (const auto& one : kept.exploited)
    text += fmt::format("{} '{}' '{}' '{}' {} {}{}\n", one.cve, one.vendor, one.product, one.name,
                        day_text(one.added), day_text(one.due), one.ransomware ? " ransomware" : "");
  for (const auto& one : kept.probabilities)
    text += fmt::format("{} {} {}\n", one.cve, one.probability, one.percentile);
  for (const auto& one : kept.ssvc)
    text += fmt::format("{} {} {} {} {}\n", one.cve, one.exploitation, one.automatable, one.technical_impact,
                        day_text(one.decided));
  for (const auto& one : kept.microsoft)
    text += fmt::format("{} KB{} '{}' '{}' {} '{}' {}, {} <{}> {}\n", one.cve, one.kb, one.product,
                        one.component, one.bulletin, one.title, one.severity, one.impact,
                        fmt::join(one.supersedes, " "), day_text(one.posted));
  for (const auto& one : kept.lifecycles)
    text += fmt::format("{} {} '{}' {} {} {} {}{} {} {}\n", one.product, one.cycle, one.label,
                        day_text(one.released), day_text(one.mainstream_end), day_text(one.end),
                        day_text(one.extended_end), one.ended ? " ended" : "", one.latest, one.link);
  return text;
}

inline std::string line_of(const Stamp& stamp) {
  std::string text =
      fmt::format("[{}] {} {} {}", stamp.scope, day_text(stamp.date), stamp.version, stamp.records);
  for (const auto& [why, times] : stamp.left_out) text += fmt::format("; {} {}", times, why);
  return text;
}

/// Records and stamp, or the error, of a text however it comes; where it matters how it comes, that is said.
inline std::string reading_of(const FeedFormat& format, std::string_view name, std::string_view text,
                              const Limits& limits = {}) {
  if (!format.recognises(name, text.substr(0, 4096))) return "not recognised";
  std::string first;
  for (const std::size_t piece : {std::string::npos, std::size_t{1}, std::size_t{7}}) {
    KeptRecords kept;
    const auto stamp = read_text(format, name, text, kept, limits, piece);
    const std::string now = stamp ? lines_of(kept) + line_of(*stamp) : stamp.error().message;
    if (piece == std::string::npos)
      first = now;
    else if (now != first)
      return fmt::format("read {} bytes at a time: {}", piece, now);
  }
  return first;
}

}  // namespace bansoko::feed
