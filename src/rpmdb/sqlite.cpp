// SPDX-License-Identifier: Apache-2.0
#include <cstring>
#include <memory>

#include <fmt/format.h>
#include <sqlite3.h>

#include "base/printable.h"
#include "rpmdb/database.h"

/// The table Packages(hnum, blob). The file is a stranger's: it is read from a private copy in memory, its
/// schema is not trusted, and the statement may do nothing but read that one table.
namespace bansoko::rpmdb {
namespace {

constexpr std::string_view kMagic("SQLite format 3\0", 16);

struct Close {
  void operator()(sqlite3* handle) const noexcept { ::sqlite3_close_v2(handle); }
  void operator()(sqlite3_stmt* statement) const noexcept { ::sqlite3_finalize(statement); }
};
using Database = std::unique_ptr<sqlite3, Close>;
using Statement = std::unique_ptr<sqlite3_stmt, Close>;

/// Steps of SQLite's machine, by thousands: a damaged tree of pages may lead it in circles.
struct Budget {
  std::size_t left = 0;
};

int spend(void* data) {
  auto& budget = *static_cast<Budget*>(data);
  if (budget.left == 0) return 1;
  --budget.left;
  return 0;
}

int allow_reading(void* /*data*/, int action, const char* table, const char* /*column*/,
                  const char* /*database*/, const char* view) {
  if (view != nullptr) return SQLITE_DENY;
  if (action == SQLITE_SELECT) return SQLITE_OK;
  const bool known =
      table != nullptr && (std::strcmp(table, "Packages") == 0 || std::strcmp(table, "sqlite_master") == 0 ||
                           std::strcmp(table, "sqlite_schema") == 0);
  return action == SQLITE_READ && known ? SQLITE_OK : SQLITE_DENY;
}

tl::unexpected<Error> fail_sqlite(sqlite3* handle) {
  return fail(Errc::invalid, "the database: {}", printable(::sqlite3_errmsg(handle)));
}

Result<> guard(sqlite3* handle, std::size_t file_size, Budget& budget) {
  ::sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  ::sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  ::sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, nullptr);
  ::sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_VIEW, 0, nullptr);
  constexpr int kMaxText = 100'000, kMaxOperations = 10'000;
  constexpr std::size_t kMaxBlob = std::size_t{256} << 20U;
  ::sqlite3_limit(handle, SQLITE_LIMIT_LENGTH,
                  static_cast<int>(std::min(kMaxBlob, std::max(file_size, std::size_t{kMaxText}))));
  ::sqlite3_limit(handle, SQLITE_LIMIT_SQL_LENGTH, kMaxText);
  ::sqlite3_limit(handle, SQLITE_LIMIT_VDBE_OP, kMaxOperations);
  ::sqlite3_limit(handle, SQLITE_LIMIT_ATTACHED, 0);
  ::sqlite3_limit(handle, SQLITE_LIMIT_WORKER_THREADS, 0);
  ::sqlite3_set_authorizer(handle, nullptr, nullptr);
  if (::sqlite3_exec(handle, "PRAGMA cell_size_check=ON", nullptr, nullptr, nullptr) != SQLITE_OK)
    return fail_sqlite(handle);
  ::sqlite3_set_authorizer(handle, allow_reading, nullptr);
  constexpr int kSteps = 1000;
  ::sqlite3_progress_handler(handle, kSteps, spend, &budget);
  return {};
}

Result<Database> open_copy(Bytes file) {
  sqlite3* raw = nullptr;
  const int opened = ::sqlite3_open_v2(":memory:", &raw, SQLITE_OPEN_READWRITE, nullptr);
  Database database(raw);
  auto* const copy = static_cast<unsigned char*>(::sqlite3_malloc64(file.size()));
  if (opened != SQLITE_OK || copy == nullptr)
    return fail(Errc::limit, "no memory for a database of {} bytes", file.size());
  std::memcpy(copy, file.data(), file.size());
  // Versions of reading and writing: 2 is for a file with a log beside it, which a copy in memory has not.
  constexpr std::size_t kWriteVersion = 18, kReadVersion = 19;
  for (const std::size_t at : {kWriteVersion, kReadVersion})
    if (copy[at] == 2) copy[at] = 1;
  const auto size = static_cast<sqlite3_int64>(file.size());
  if (::sqlite3_deserialize(raw, "main", copy, size, size,
                            SQLITE_DESERIALIZE_FREEONCLOSE | SQLITE_DESERIALIZE_READONLY) != SQLITE_OK)
    return fail_sqlite(raw);
  return database;
}

Result<Statement> prepare(sqlite3* handle, std::string_view sql) {
  sqlite3_stmt* raw = nullptr;
  if (::sqlite3_prepare_v2(handle, sql.data(), static_cast<int>(sql.size()), &raw, nullptr) != SQLITE_OK)
    return fail_sqlite(handle);
  return Statement(raw);
}

/// An ordinary table, neither a view nor a virtual one.
Result<> require_table(sqlite3* handle) {
  BANSOKO_TRY(const Statement statement,
              prepare(handle, "SELECT type, rootpage FROM sqlite_master WHERE name = 'Packages'"));
  if (::sqlite3_step(statement.get()) != SQLITE_ROW)
    return fail(Errc::invalid, "the database has no table 'Packages'");
  const auto* const type = reinterpret_cast<const char*>(::sqlite3_column_text(statement.get(), 0));
  if (type == nullptr || std::strcmp(type, "table") != 0 || ::sqlite3_column_int64(statement.get(), 1) <= 0)
    return fail(Errc::invalid, "'Packages' of the database is no ordinary table");
  return {};
}

void tell_cut(Bytes file, Visitor& visitor) {
  ByteReader reader(file.subspan(kMagic.size()));
  std::size_t page_size = reader.u16();
  if (page_size == 1) page_size = 65536;
  reader.skip(10);
  const std::size_t pages = reader.u32();
  if (page_size != 0 && file.size() / page_size < pages)
    visitor.damage(fmt::format("the database has {} of its {} pages", file.size() / page_size, pages));
}

}  // namespace

bool is_sqlite(Bytes file) noexcept { return as_text(file).starts_with(kMagic); }

Result<> read_sqlite(Bytes file, Visitor& visitor) {
  constexpr std::size_t kFileHead = 100;
  if (file.size() < kFileHead) return fail(Errc::invalid, "the database is cut at {} bytes", file.size());
  BANSOKO_TRY(const Database database, open_copy(file));
  // A row takes about ten steps, and its page a few bytes at least.
  Budget budget{.left = 1000 + file.size() / 100};
  BANSOKO_CHECK(guard(database.get(), file.size(), budget));
  BANSOKO_CHECK(require_table(database.get()));
  tell_cut(file, visitor);
  BANSOKO_TRY(const Statement rows, prepare(database.get(), "SELECT blob FROM Packages"));
  std::size_t count = 0, bytes = 0;
  int step = SQLITE_ROW;
  while ((step = ::sqlite3_step(rows.get())) == SQLITE_ROW) {
    const auto* const blob = static_cast<const std::uint8_t*>(::sqlite3_column_blob(rows.get(), 0));
    const auto size = static_cast<std::size_t>(::sqlite3_column_bytes(rows.get(), 0));
    bytes += size;
    if (bytes > file.size()) {
      visitor.damage(fmt::format("after {} packages the database repeats itself", count));
      return {};
    }
    visitor.header(Bytes(blob, blob == nullptr ? 0 : size));
    ++count;
  }
  if (step != SQLITE_DONE)
    visitor.damage(fmt::format("after {} packages: {}", count, printable(::sqlite3_errmsg(database.get()))));
  return {};
}

}  // namespace bansoko::rpmdb
