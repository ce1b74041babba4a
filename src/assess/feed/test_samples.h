// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "archive/stream.h"
#include "assess/feed/test_feed.h"

/// For tests over feeds as they are published, where there are some beside the sources.
namespace bansoko::feed {

/// A file below the samples; "" where there is none.
inline std::string sample(std::string_view path) {
  for (std::string root : {"../shared", "../../shared"}) {
    root += "/data/knowledge/feeds/" + std::string(path);
    if (std::filesystem::exists(root)) return root;
  }
  return {};
}

/// Each file within a file, unpacked.
inline std::vector<std::pair<std::string, std::string>> unpacked(const std::string& path) {
  std::vector<std::pair<std::string, std::string>> all;
  auto stream = archive::FileStream::open(path, {});
  while (stream) {
    auto member = stream->next();
    if (!member || !*member) break;
    auto& [name, text] = all.emplace_back((*member)->name, "");
    std::array<char, 65536> piece{};
    while (true) {
      const auto got = stream->read(piece);
      if (!got || *got == 0) break;
      text.append(piece.data(), *got);
    }
  }
  return all;
}

inline std::string text_of(const assess::PackageFix& fix) {
  constexpr std::array kStatus{"fixed", "affected", "not_affected", "will_not_fix", "undetermined"};
  std::string text = fix.distribution + " " + fix.release + " " + (fix.is_source ? "source " : "") +
                     fix.package + " " + kStatus[static_cast<std::size_t>(fix.status)];
  for (const std::string* part : {&fix.fixed_version, &fix.advisory, &fix.cve, &fix.severity, &fix.arch})
    text += part->empty() ? " -" : " " + *part;
  if (!fix.module.empty()) text += " of " + fix.module;
  if (!fix.introduced.empty()) text += " since " + fix.introduced;
  if (!fix.last_affected.empty()) text += " up to " + fix.last_affected;
  if (fix.published) text += " " + assess::to_text(*fix.published);
  return text;
}

inline std::string text_of(const std::optional<assess::Date>& date) {
  return date ? " " + assess::to_text(*date) : " -";
}

inline std::string text_of(const std::optional<assess::Cvss>& cvss) {
  return cvss ? fmt::format(" {:.1f} {}", cvss->score, cvss->vector) : " -";
}

inline std::string text_of(const std::vector<std::string>& texts) {
  std::string all;
  for (const std::string& one : texts) all += (all.empty() ? "" : ",") + one;
  return all;
}

inline std::string text_of(const assess::MicrosoftFix& fix) {
  return fix.cve + " KB" + fix.kb + " '" + fix.product + "' '" + fix.component + "' " + fix.bulletin + " '" +
         fix.title + "' " + fix.severity + ", " + fix.impact + " <" + text_of(fix.supersedes) + ">" +
         text_of(fix.posted);
}

inline std::string text_of(const assess::Vulnerability& one) {
  return one.cve + text_of(one.published) + text_of(one.modified) + " '" + one.title + "' '" +
         one.description + "'" + text_of(one.cvss2) + text_of(one.cvss3);
}

inline std::string text_of(const assess::JapaneseEntry& one) {
  return one.id + " " + text_of(one.cves) + " '" + one.title + "' '" + one.overview + "' '" + one.solution +
         "'" + text_of(one.published) + text_of(one.cvss2) + text_of(one.cvss3) + " " + one.link;
}

inline std::string text_of(const KeptRecords& kept) {
  std::string text;
  for (const auto& one : kept.vulnerabilities) text += text_of(one) + "\n";
  for (const auto& one : kept.microsoft) text += text_of(one) + "\n";
  for (const auto& one : kept.packages) text += text_of(one) + "\n";
  for (const auto& one : kept.japanese) text += text_of(one) + "\n";
  return text;
}

inline std::string text_of(const Stamp& stamp) {
  std::string text = stamp.scope + " " + (stamp.date ? assess::to_text(*stamp.date) : "-") + " " +
                     stamp.version + " " + std::to_string(stamp.records);
  for (const auto& [why, count] : stamp.left_out) text += "; " + why + " " + std::to_string(count);
  return text;
}

/// Records and stamp of a text, or the error. The text is also read a byte at a time, which must give the
/// same; where it does not, that is said.
inline std::string told(const FeedFormat& format, std::string_view name, std::string_view text,
                        const Limits& limits = {}) {
  std::string told;
  for (const std::size_t piece : {std::string::npos, std::size_t{1}}) {
    KeptRecords kept;
    const auto stamp = read_text(format, name, text, kept, limits, piece);
    const std::string now = stamp ? text_of(kept) + text_of(*stamp) + "\n" : stamp.error().message;
    if (piece == 1 && now != told) return "read in pieces: " + now;
    told = now;
  }
  return told;
}

}  // namespace bansoko::feed
