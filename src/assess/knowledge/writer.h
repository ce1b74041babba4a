// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "assess/feed/feed.h"
#include "assess/knowledge/knowledge.h"
#include "assess/knowledge/words.h"
#include "base/digest.h"

namespace bansoko::knowledge {

/// A file that a feed is read from.
struct FeedFile {
  std::string origin = {};  // what the operator named: the file, or a folder that it is in
  std::string path = {};    // of the file
  std::string name = {};    // within the folder
  std::string sha256 = {};  // of the file as it stands on the disk
  std::uint64_t bytes = 0;
};

/// A feed that was imported, and what it took the place of.
struct ImportedFeed {
  Feed feed = {};
  std::optional<Feed> replaced = {};
};

/// Writes the feeds of one transaction: all or, also after a power cut, none. Files of one format and scope
/// are one feed; it takes the place of what was there of that format and scope. Where one file of a format
/// fails, no feed of that format is kept.
class Writer : public feed::Sink {
 public:
  /// The database must outlive it.
  static Result<std::unique_ptr<Writer>> begin(Database& database);
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;
  /// Leaves all as it was, unless committed.
  ~Writer() override;

  /// What is put from here on is of this file. More than `max_records` is an error.
  void begin_file(std::string_view format, std::string_view licence, std::uint64_t max_records);
  Result<> keep_file(const feed::Stamp& stamp, const FeedFile& file);
  /// Forgets what the file gave; its format is given up.
  Result<> drop_file();
  bool gave_up(std::string_view format) const { return given_up_.contains(format); }
  /// What is wrong with the store, if anything: then nothing can be kept.
  const Result<>& store() const noexcept { return store_ ? words_.state() : store_; }
  /// `now` in seconds of the epoch.
  Result<std::vector<ImportedFeed>> commit(std::int64_t now);

  Result<> put(const assess::Vulnerability& record) override;
  Result<> put(const assess::AffectedProduct& record) override;
  Result<> put(const assess::KnownExploited& record) override;
  Result<> put(const assess::ExploitProbability& record) override;
  Result<> put(const assess::Ssvc& record) override;
  Result<> put(const assess::MicrosoftFix& record) override;
  Result<> put(const assess::PackageFix& record) override;
  Result<> put(const assess::Lifecycle& record) override;
  Result<> put(const assess::JapaneseEntry& record) override;

 private:
  /// A feed in the making.
  struct Group {
    std::int64_t id = 0;
    std::uint32_t tables = 0;
    Feed feed = {};
    std::uint64_t files_on_disk = 0;
    std::string last_path = {};
    Digest listing{DigestKind::sha256};  // of what sha256sum says of the files
  };
  using Rows = std::array<std::int64_t, kTables.size()>;

  explicit Writer(Database& database) : database_(database) {}
  Result<> prepare();
  template <class... Values>
  Result<> insert(Table table, const Values&... values);
  Result<> count_record();
  static void count_file(Group& group, const FeedFile& file);
  Result<> move_rows(std::int64_t to);
  Result<> erase(std::int64_t feed, std::uint32_t tables);
  Result<std::optional<Feed>> erase_old(const Group& group);
  Result<> write_feed(Group& group, std::int64_t now);
  Group* last_of(std::string_view format);

  Database& database_;
  WordWriter words_;
  std::array<Statement, kTables.size()> inserts_;
  std::map<std::pair<std::string, std::string>, Group> groups_;  // by format and scope
  std::map<std::string, std::string, std::less<>> last_scopes_;  // by format: of the last file
  std::set<std::string, std::less<>> given_up_;
  std::int64_t next_id_ = 1;
  Rows last_rows_{};  // of each table
  // Of the file that is read:
  std::string format_, licence_;
  std::int64_t id_ = 0;
  std::uint32_t tables_ = 0;
  Rows first_rows_{};  // the last before the file's
  std::uint64_t records_ = 0, max_records_ = 0;
  std::set<std::pair<std::int64_t, std::int64_t>> superseding_;  // KB and what it supersedes, told already
  Result<> store_;
  bool committed_ = false;
};

}  // namespace bansoko::knowledge
