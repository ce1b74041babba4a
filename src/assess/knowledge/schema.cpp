// SPDX-License-Identifier: Apache-2.0
#include "assess/knowledge/schema.h"

#include <filesystem>
#include <system_error>

#include "base/file.h"
#include "base/printable.h"

namespace bansoko::knowledge {
namespace {

constexpr std::int64_t kOurs = 0x424e534b;  // "BNSK"
constexpr std::int64_t kVersion = 2;
constexpr std::uint32_t kFolderMode = 0755;

// `supersedence` is what `microsoft` says over and over, once: every assessment reads all of it.
// `cve` holds what CveCode makes, `kb` the number (0: none), dates the days since 1970-01-01. What is of
// word(id) is text that stands in many rows.
constexpr const char* kSchema = R"sql(
CREATE TABLE feed (id INTEGER PRIMARY KEY, format TEXT NOT NULL, scope TEXT NOT NULL, source TEXT NOT NULL,
  licence TEXT NOT NULL, date INTEGER, version TEXT NOT NULL, imported INTEGER NOT NULL, sha256 TEXT NOT NULL,
  bytes INTEGER NOT NULL, files INTEGER NOT NULL, records INTEGER NOT NULL, tables INTEGER NOT NULL,
  UNIQUE (format, scope)) STRICT;
CREATE TABLE left_out (feed INTEGER NOT NULL, why TEXT NOT NULL, times INTEGER NOT NULL,
  PRIMARY KEY (feed, why)) STRICT, WITHOUT ROWID;
CREATE TABLE word (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE vulnerability (feed INTEGER NOT NULL, cve INTEGER NOT NULL, published INTEGER, modified INTEGER,
  title TEXT NOT NULL, description TEXT NOT NULL, score2 REAL NOT NULL, vector2 TEXT NOT NULL, score3 REAL NOT NULL, vector3 TEXT NOT NULL,
  rejected INTEGER NOT NULL) STRICT;
CREATE INDEX vulnerability_cve ON vulnerability (cve);
CREATE TABLE affected (feed INTEGER NOT NULL, cve INTEGER NOT NULL, part TEXT NOT NULL, product INTEGER NOT NULL,
  version TEXT NOT NULL, update_ TEXT NOT NULL, edition TEXT NOT NULL, from_ TEXT NOT NULL,
  from_included INTEGER NOT NULL, to_ TEXT NOT NULL, to_included INTEGER NOT NULL,
  running_on INTEGER NOT NULL) STRICT;
CREATE INDEX affected_product ON affected (product);
CREATE TABLE exploited (feed INTEGER NOT NULL, cve INTEGER NOT NULL, vendor TEXT NOT NULL, product TEXT NOT NULL,
  name TEXT NOT NULL, added INTEGER, due INTEGER, ransomware INTEGER NOT NULL) STRICT;
CREATE INDEX exploited_cve ON exploited (cve);
CREATE TABLE probability (feed INTEGER NOT NULL, cve INTEGER NOT NULL, probability REAL NOT NULL,
  percentile REAL NOT NULL) STRICT;
CREATE INDEX probability_cve ON probability (cve);
CREATE TABLE ssvc (feed INTEGER NOT NULL, cve INTEGER NOT NULL, exploitation TEXT NOT NULL,
  automatable TEXT NOT NULL, impact TEXT NOT NULL, decided INTEGER) STRICT;
CREATE INDEX ssvc_cve ON ssvc (cve);
CREATE TABLE microsoft (feed INTEGER NOT NULL, product INTEGER NOT NULL, component INTEGER NOT NULL,
  kb INTEGER NOT NULL, cve INTEGER NOT NULL, bulletin INTEGER NOT NULL, title INTEGER NOT NULL,
  severity INTEGER NOT NULL, impact INTEGER NOT NULL, supersedes INTEGER NOT NULL, posted INTEGER) STRICT;
CREATE INDEX microsoft_product ON microsoft (product);
CREATE TABLE package (feed INTEGER NOT NULL, distribution INTEGER NOT NULL, release INTEGER NOT NULL,
  package INTEGER NOT NULL, is_source INTEGER NOT NULL, status INTEGER NOT NULL, fixed_version TEXT NOT NULL,
  advisory INTEGER NOT NULL, cve INTEGER NOT NULL, severity INTEGER NOT NULL, arch INTEGER NOT NULL,
  module INTEGER NOT NULL, published INTEGER, introduced TEXT NOT NULL,
  last_affected TEXT NOT NULL) STRICT;
CREATE INDEX package_name ON package (package, distribution, release);
CREATE TABLE lifecycle (feed INTEGER NOT NULL, product TEXT NOT NULL, cycle TEXT NOT NULL, label TEXT NOT NULL,
  released INTEGER, mainstream_end INTEGER, end_ INTEGER, extended_end INTEGER, ended INTEGER NOT NULL,
  latest TEXT NOT NULL, link TEXT NOT NULL) STRICT;
CREATE INDEX lifecycle_product ON lifecycle (product);
CREATE TABLE japanese (feed INTEGER NOT NULL, id TEXT NOT NULL, title TEXT NOT NULL, overview TEXT NOT NULL,
  solution TEXT NOT NULL, published INTEGER, score2 REAL NOT NULL, vector2 TEXT NOT NULL, score3 REAL NOT NULL, vector3 TEXT NOT NULL,
  link TEXT NOT NULL, cves TEXT NOT NULL) STRICT;
CREATE TABLE japanese_cve (feed INTEGER NOT NULL, cve INTEGER NOT NULL, entry INTEGER NOT NULL) STRICT;
CREATE INDEX japanese_cve_cve ON japanese_cve (cve);
CREATE TABLE supersedence (feed INTEGER NOT NULL, kb INTEGER NOT NULL, supersedes INTEGER NOT NULL) STRICT;
)sql";

Result<> check_head(Database& database) {
  BANSOKO_TRY(const std::int64_t owner, database.number("PRAGMA application_id"));
  if (owner != kOurs) return fail(Errc::invalid, "it is no file of Bansoko's knowledge");
  BANSOKO_TRY(const std::int64_t version, database.number("PRAGMA user_version"));
  if (version != kVersion)
    return fail(Errc::unsupported,
                "it is of version {}, this program reads {}: import the feeds again, into a new file",
                version, kVersion);
  return {};
}

Result<> check_pages(Database& database) {
  BANSOKO_TRY(Statement check, database.prepare("PRAGMA quick_check(1)"));
  BANSOKO_TRY(const bool row, check.step());
  if (!row || check.text(0) != "ok")
    return fail(Errc::invalid, "it is damaged ({}): remove it and import the feeds again",
                printable(check.text(0)).substr(0, 200));
  return {};
}

Result<> make_schema(Database& database) {
  BANSOKO_CHECK(database.run("BEGIN IMMEDIATE"));
  // Another program may have made it since we looked.
  BANSOKO_TRY(const std::int64_t tables, database.number("SELECT count(*) FROM sqlite_schema"));
  if (tables == 0) {
    BANSOKO_CHECK(database.run(kSchema));
    BANSOKO_CHECK(database.run(
        fmt::format("PRAGMA application_id={}; PRAGMA user_version={}", kOurs, kVersion).c_str()));
  }
  return database.run("COMMIT");
}

Result<Database> prepared_to_read(const std::string& path, Check check) {
  BANSOKO_TRY(Database database, Database::open(path, Database::Mode::read));
  BANSOKO_CHECK(check_head(database));
  if (check == Check::whole) BANSOKO_CHECK(check_pages(database));
  BANSOKO_CHECK(database.run("PRAGMA cache_size=-65536; PRAGMA mmap_size=268435456"));
  return database;
}

/// Opening for writing and one look undo what was not committed.
bool undo_import(const std::string& path) {
  auto database = Database::open(path, Database::Mode::write);
  return database && database->number("SELECT count(*) FROM sqlite_schema").has_value();
}

Result<Database> prepared_to_write(const std::string& path) {
  BANSOKO_TRY(Database database, Database::open(path, Database::Mode::write));
  BANSOKO_TRY(const std::int64_t tables, database.number("SELECT count(*) FROM sqlite_schema"));
  if (tables == 0) BANSOKO_CHECK(make_schema(database));
  BANSOKO_CHECK(check_head(database));
  BANSOKO_CHECK(check_pages(database));
  BANSOKO_CHECK(database.run("PRAGMA cache_size=-98304; PRAGMA temp_store=MEMORY"));
  return database;
}

tl::unexpected<Error> with_path(const std::string& path, const Error& error) {
  return fail(error.code, "{}: {}", path, error.message);
}

}  // namespace

Result<Database> open_to_read(const std::string& path, Check check) {
  std::error_code error;
  if (!std::filesystem::exists(path, error))
    return fail(Errc::not_found, "{} is not there: no feed was imported yet", path);
  auto database = prepared_to_read(path, check);
  // What an import that was killed left can be undone only by one who may write.
  if (!database && database.error().code == Errc::denied && undo_import(path))
    database = prepared_to_read(path, check);
  if (!database) return with_path(path, database.error());
  return database;
}

Result<Database> open_to_write(const std::string& path) {
  const std::string folder = std::filesystem::path(path).parent_path().string();
  if (!folder.empty()) BANSOKO_CHECK(make_folder(folder, kFolderMode));
  auto database = prepared_to_write(path);
  if (!database) return with_path(path, database.error());
  return database;
}

}  // namespace bansoko::knowledge
