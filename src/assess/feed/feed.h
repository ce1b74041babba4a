// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "assess/model/records.h"
#include "base/result.h"

/// Readers of public feeds, each a folder that defines `const FeedFormat& describe()`. They stream: what they
/// hold is one record, never the feed.
namespace bansoko::feed {

/// Bytes as they come out of a file, or of an archive's member.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  /// Fills `out` from its beginning and says how far; 0: the end. Damage, and a limit that is reached, are
  /// errors.
  virtual Result<std::size_t> read(std::span<char> out) = 0;
};

struct Input {
  std::string_view name;  // of the file, or of the member: "CVEs_20260628.csv"
  std::string_view head;  // its first bytes, at most 4096: what recognises() may look at
  ByteSource& bytes;      // from the first byte on, those of `head` included
};

/// More than this, and the feed is refused as a whole.
struct Limits {
  std::uint64_t max_bytes = std::uint64_t{2} << 30U;  // of one feed, unpacked
  std::uint64_t max_records = 20'000'000;
  std::size_t max_text = std::size_t{1} << 20U;  // of one text
  std::size_t max_depth = 64;                    // of nested JSON or XML
};

/// Takes records. An error stops the reader, which gives it back; nothing of the feed is then kept.
class Sink {
 public:
  virtual ~Sink() = default;
  virtual Result<> put(const assess::Vulnerability& record) = 0;
  virtual Result<> put(const assess::AffectedProduct& record) = 0;
  virtual Result<> put(const assess::KnownExploited& record) = 0;
  virtual Result<> put(const assess::ExploitProbability& record) = 0;
  virtual Result<> put(const assess::Ssvc& record) = 0;
  virtual Result<> put(const assess::MicrosoftFix& record) = 0;
  virtual Result<> put(const assess::PackageFix& record) = 0;
  virtual Result<> put(const assess::Lifecycle& record) = 0;
  virtual Result<> put(const assess::JapaneseEntry& record) = 0;
};

/// What a feed says of itself.
struct Stamp {
  std::string scope =
      {};  // a later import with the same format and scope replaces this one: "2008", "bullseye"
  std::optional<assess::Date> date = {};
  std::string version = {};
  std::uint64_t records = 0;
  std::map<std::string, std::uint64_t, std::less<>> left_out =
      {};  // why, how many: "no CVE": nothing is lost silently
  /// Set where many files make one feed ("CVE-2022-1576.json"): those that come together, of a folder or an
  /// archive, are one feed of this scope, or, where it is empty, of the folder's or archive's name.
  std::optional<std::string> together = {};
};

struct FeedFormat {
  std::string_view name;     // "nvd-2.0"
  std::string_view title;    // "NVD CVE, JSON 2.0"
  std::string_view licence;  // "public domain"
  bool (*recognises)(std::string_view name, std::string_view head);
  /// Errors name the line, or the record, at which the feed is not what its format says.
  Result<Stamp> (*read)(const Input& input, Sink& sink, const Limits& limits);
  /// Gets an archive as it stands on the disk, not what is in it: a spreadsheet is a zip. Such formats are
  /// asked first, with the file's own name and first bytes.
  bool whole_archive = false;
};

/// All formats, one per folder below this one.
std::span<const FeedFormat* const> all_formats();

}  // namespace bansoko::feed
