// SPDX-License-Identifier: Apache-2.0
#include "assess/knowledge/database.h"

#include <sqlite3.h>

namespace bansoko::knowledge {
namespace {

constexpr int kPatience = 20'000;  // milliseconds that another program's import is waited for

tl::unexpected<Error> refusal_of(sqlite3* database) {
  switch (::sqlite3_errcode(database)) {
    case SQLITE_BUSY:
      return fail(Errc::denied, "another program writes to it");
    case SQLITE_NOTADB:
      return fail(Errc::invalid, "it is no file of Bansoko's knowledge");
    case SQLITE_CORRUPT:
      return fail(Errc::invalid, "it is damaged: remove it and import the feeds again");
    case SQLITE_CANTOPEN:
      return fail(Errc::not_found, "it cannot be opened");
    case SQLITE_READONLY:
      return fail(Errc::denied, "it may not be written to");
    default:
      return fail(Errc::io, "{}", ::sqlite3_errmsg(database));
  }
}

}  // namespace

void Statement::Finalize::operator()(sqlite3_stmt* statement) const noexcept {
  ::sqlite3_finalize(statement);
}

void Statement::reset() { ::sqlite3_reset(statement_.get()); }

Result<bool> Statement::step() {
  const int got = ::sqlite3_step(statement_.get());
  if (got == SQLITE_ROW) return true;
  if (got == SQLITE_DONE) return false;
  return refusal();
}

Result<> Statement::finish() {
  const int got = ::sqlite3_step(statement_.get());
  if (got != SQLITE_ROW && got != SQLITE_DONE) return refusal();
  reset();
  return {};
}

tl::unexpected<Error> Statement::refusal() const { return refusal_of(::sqlite3_db_handle(statement_.get())); }

void Statement::bind_integer(int at, std::int64_t number) {
  ::sqlite3_bind_int64(statement_.get(), at, number);
}
void Statement::bind_one(int at, double number) { ::sqlite3_bind_double(statement_.get(), at, number); }
void Statement::bind_one(int at, std::string_view text) {
  // A view without bytes may have no address, which would be no value.
  const char* const bytes = text.data() == nullptr ? "" : text.data();
  ::sqlite3_bind_text64(statement_.get(), at, bytes, text.size(), SQLITE_STATIC, SQLITE_UTF8);
}
void Statement::bind_one(int at, const std::optional<assess::Date>& date) {
  if (date)
    bind_integer(at, date->time_since_epoch().count());
  else
    ::sqlite3_bind_null(statement_.get(), at);
}

bool Statement::is_null(int column) const {
  return ::sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
}
std::int64_t Statement::integer(int column) const { return ::sqlite3_column_int64(statement_.get(), column); }
double Statement::real(int column) const { return ::sqlite3_column_double(statement_.get(), column); }
std::string Statement::text(int column) const {
  const auto* const bytes = ::sqlite3_column_text(statement_.get(), column);
  if (bytes == nullptr) return {};
  const auto size = static_cast<std::size_t>(::sqlite3_column_bytes(statement_.get(), column));
  return {reinterpret_cast<const char*>(bytes), size};
}
std::optional<assess::Date> Statement::date(int column) const {
  if (is_null(column)) return {};
  return assess::Date(std::chrono::days(static_cast<int>(integer(column))));
}

void Database::Close::operator()(sqlite3* database) const noexcept { ::sqlite3_close_v2(database); }

Result<Database> Database::open(const std::string& path, Mode mode) {
  sqlite3* handle = nullptr;
  const int flags = mode == Mode::read ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  const int got = ::sqlite3_open_v2(path.c_str(), &handle, flags | SQLITE_OPEN_NOMUTEX, nullptr);
  Database database;
  database.path_ = path;
  database.database_.reset(handle);
  if (handle == nullptr) return fail(Errc::limit, "no memory to open it");
  if (got != SQLITE_OK) return refusal_of(handle);
  ::sqlite3_extended_result_codes(handle, 0);
  ::sqlite3_busy_timeout(handle, kPatience);
  // A file from elsewhere must not make the library run what it holds: views, triggers, functions.
  ::sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  ::sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  ::sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, nullptr);
  ::sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_VIEW, 0, nullptr);
  return database;
}

Result<> Database::run(const char* statements) {
  if (::sqlite3_exec(database_.get(), statements, nullptr, nullptr, nullptr) != SQLITE_OK)
    return refusal_of(database_.get());
  return {};
}

Result<Statement> Database::prepare(std::string_view statement) {
  sqlite3_stmt* made = nullptr;
  const int got = ::sqlite3_prepare_v3(database_.get(), statement.data(), static_cast<int>(statement.size()),
                                       SQLITE_PREPARE_PERSISTENT, &made, nullptr);
  if (got != SQLITE_OK) return refusal_of(database_.get());
  Statement prepared;
  prepared.statement_.reset(made);
  return prepared;
}

Result<std::int64_t> Database::number(std::string_view statement) {
  BANSOKO_TRY(Statement prepared, prepare(statement));
  BANSOKO_TRY(const bool row, prepared.step());
  return row ? prepared.integer(0) : 0;
}

std::int64_t Database::last_row() const noexcept { return ::sqlite3_last_insert_rowid(database_.get()); }
std::int64_t Database::changes() const noexcept { return ::sqlite3_changes64(database_.get()); }

}  // namespace bansoko::knowledge
