// SPDX-License-Identifier: Apache-2.0
#include "assess/knowledge/writer.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/bytes.h"

namespace bansoko::knowledge {
namespace {

constexpr std::uint32_t bit(std::size_t table) { return 1U << table; }

}  // namespace

Result<std::unique_ptr<Writer>> Writer::begin(Database& database) {
  std::unique_ptr<Writer> writer(new Writer(database));  // NOLINT(cppcoreguidelines-owning-memory)
  BANSOKO_CHECK(database.run("BEGIN IMMEDIATE"));
  BANSOKO_CHECK(writer->prepare());
  return writer;
}

Writer::~Writer() {
  if (!committed_) static_cast<void>(database_.run("ROLLBACK").has_value());
}

Result<> Writer::prepare() {
  BANSOKO_TRY(words_, WordWriter::of(database_));
  for (std::size_t i = 0; i < kTables.size(); ++i) {
    BANSOKO_TRY(const auto columns,
                database_.number(fmt::format("SELECT count(*) FROM pragma_table_info('{}')", kTables[i])));
    std::string marks = "?";
    for (std::int64_t column = 1; column < columns; ++column) marks += ",?";
    BANSOKO_TRY(inserts_[i], database_.prepare(fmt::format("INSERT INTO {} VALUES ({})", kTables[i], marks)));
    BANSOKO_TRY(last_rows_[i], database_.number(fmt::format("SELECT max(rowid) FROM {}", kTables[i])));
  }
  BANSOKO_TRY(next_id_, database_.number("SELECT max(id) FROM feed"));
  ++next_id_;
  return {};
}

Writer::Group* Writer::last_of(std::string_view format) {
  const auto scope = last_scopes_.find(format);
  if (scope == last_scopes_.end()) return nullptr;
  const auto group = groups_.find({std::string(format), scope->second});
  return group == groups_.end() ? nullptr : &group->second;
}

void Writer::begin_file(std::string_view format, std::string_view licence, std::uint64_t max_records) {
  format_ = format;
  licence_ = licence;
  records_ = tables_ = 0;
  superseding_.clear();
  max_records_ = max_records;
  first_rows_ = last_rows_;
  // Only its end tells the file's scope. A second file of one feed lets expect more of them; where that is
  // wrong, rows are moved.
  const Group* const last = last_of(format);
  id_ = last != nullptr && last->feed.files > 1 ? last->id : next_id_++;
}

Result<> Writer::keep_file(const feed::Stamp& stamp, const FeedFile& file) {
  const auto [at, is_new] = groups_.try_emplace({format_, stamp.scope});
  Group& group = at->second;
  if (is_new) {
    const Group* const expected = last_of(format_);
    group.id = expected != nullptr && expected->id == id_ ? next_id_++ : id_;
    group.feed = {.format = format_, .scope = stamp.scope, .source = file.path, .licence = licence_};
  }
  if (group.id != id_) BANSOKO_CHECK(move_rows(group.id));
  last_scopes_[format_] = stamp.scope;
  group.tables |= tables_;
  count_file(group, file);
  Feed& feed = group.feed;
  ++feed.files;
  feed.records += records_;
  if (stamp.date && (!feed.date || *stamp.date >= *feed.date)) {
    feed.date = stamp.date;
    feed.version = stamp.version;
  } else if (feed.version.empty()) {
    feed.version = stamp.version;
  }
  for (const auto& [why, times] : stamp.left_out) feed.left_out[why] += times;
  return {};
}

void Writer::count_file(Group& group, const FeedFile& file) {
  // Of an archive there are many members, but one file.
  if (std::exchange(group.last_path, file.path) == file.path) return;
  group.listing.add(as_bytes(fmt::format("{}  {}\n", file.sha256, file.name)));
  group.feed.bytes += file.bytes;
  if (++group.files_on_disk == 1)
    group.feed.sha256 = file.sha256;
  else
    group.feed.source = file.origin;
}

Result<> Writer::drop_file() {
  given_up_.insert(format_);
  for (std::size_t i = 0; i < kTables.size(); ++i)
    if ((tables_ & bit(i)) != 0) {
      BANSOKO_TRY(Statement remove,
                  database_.prepare(fmt::format("DELETE FROM {} WHERE rowid > ?", kTables[i])));
      BANSOKO_CHECK(remove.run(first_rows_[i]));
      last_rows_[i] = first_rows_[i];
    }
  return {};
}

Result<> Writer::move_rows(std::int64_t to) {
  for (std::size_t i = 0; i < kTables.size(); ++i)
    if ((tables_ & bit(i)) != 0) {
      BANSOKO_TRY(Statement move,
                  database_.prepare(fmt::format("UPDATE {} SET feed = ? WHERE rowid > ?", kTables[i])));
      BANSOKO_CHECK(move.run(to, first_rows_[i]));
    }
  return {};
}

Result<> Writer::erase(std::int64_t feed, std::uint32_t tables) {
  for (std::size_t i = 0; i < kTables.size(); ++i)
    if ((tables & bit(i)) != 0) {
      BANSOKO_TRY(Statement remove,
                  database_.prepare(fmt::format("DELETE FROM {} WHERE feed = ?", kTables[i])));
      BANSOKO_CHECK(remove.run(feed));
    }
  return {};
}

Result<std::optional<Feed>> Writer::erase_old(const Group& group) {
  BANSOKO_TRY(Statement find,
              database_.prepare("SELECT id, tables, date, imported, records, version, source FROM feed "
                                "WHERE format = ? AND scope = ?"));
  find.bind(group.feed.format, group.feed.scope);
  BANSOKO_TRY(const bool row, find.step());
  if (!row) return std::nullopt;
  const std::int64_t id = find.integer(0);
  BANSOKO_CHECK(erase(id, static_cast<std::uint32_t>(find.integer(1))));
  Feed old{
      .format = group.feed.format, .scope = group.feed.scope, .source = find.text(6), .date = find.date(2)};
  old.version = find.text(5);
  old.imported = find.integer(3);
  old.records = static_cast<std::uint64_t>(find.integer(4));
  find.reset();
  for (const char* statement : {"DELETE FROM left_out WHERE feed = ?", "DELETE FROM feed WHERE id = ?"}) {
    BANSOKO_TRY(Statement remove, database_.prepare(statement));
    BANSOKO_CHECK(remove.run(id));
  }
  return old;
}

Result<> Writer::write_feed(Group& group, std::int64_t now) {
  Feed& feed = group.feed;
  feed.imported = now;
  if (group.files_on_disk > 1) feed.sha256 = hexadecimal(group.listing.finish());
  BANSOKO_TRY(Statement add, database_.prepare("INSERT INTO feed VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)"));
  BANSOKO_CHECK(add.run(group.id, feed.format, feed.scope, feed.source, feed.licence, feed.date, feed.version,
                        now, feed.sha256, feed.bytes, feed.files, feed.records, group.tables));
  BANSOKO_TRY(Statement left, database_.prepare("INSERT INTO left_out VALUES (?,?,?)"));
  for (const auto& [why, times] : feed.left_out) BANSOKO_CHECK(left.run(group.id, why, times));
  return {};
}

Result<std::vector<ImportedFeed>> Writer::commit(std::int64_t now) {
  std::vector<ImportedFeed> imported;
  for (auto& [key, group] : groups_) {
    if (gave_up(key.first)) {
      BANSOKO_CHECK(erase(group.id, group.tables));
      continue;
    }
    ImportedFeed one;
    BANSOKO_TRY(one.replaced, erase_old(group));
    BANSOKO_CHECK(write_feed(group, now));
    one.feed = std::move(group.feed);
    imported.push_back(std::move(one));
  }
  BANSOKO_CHECK(database_.run("COMMIT"));
  committed_ = true;
  return imported;
}

}  // namespace bansoko::knowledge
