// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <gtest/gtest.h>

#include "assess/inventory/test_document.h"
#include "assess/inventory/test_host.h"
#include "rpmdb/test_database.h"

namespace bansoko::inventory::rpmdb {

const Source& describe();

namespace {

using namespace ::bansoko::rpmdb;

const std::string kBash = "bash 3:1.0-2.el7 x86_64 <bash-src 1.0-2.el7>";
const std::string kTable = "CREATE TABLE Packages (hnum INTEGER PRIMARY KEY, blob BLOB NOT NULL)";
const std::string kInsert = "INSERT INTO Packages(blob) VALUES (?)";

std::string cut_by(std::string text, std::size_t size) {
  text.resize(text.size() - size);
  return text;
}

std::string changed(std::string text, std::size_t at, const std::string& bytes) {
  return text.replace(at, bytes.size(), bytes);
}

struct Case {
  const char* name = "";
  std::string bytes = {};
  std::string packages = {};
  std::string cut = {};
};

class RpmDatabase : public testing::TestWithParam<Case> {};

TEST_P(RpmDatabase, TellsWhatIsInstalled) {
  const Document document{"db", GetParam().bytes};
  EXPECT_EQ(source_of(document), &describe());
  const auto hosts = describe().read(document, {});
  ASSERT_TRUE(hosts) << hosts.error().message;
  EXPECT_EQ(packages_of(hosts->front()), GetParam().packages);
  EXPECT_EQ(gaps_of(hosts->front(), assess::Gap::packages_cut), GetParam().cut);
  EXPECT_EQ(hosts->front().lacks(assess::Gap::no_packages), GetParam().packages.empty());
}

const std::string kLarge = package_blob("large", 10'000);
const std::string kLargePackage = "large 3:1.0-2.el7 x86_64 <large-src 1.0-2.el7>";

INSTANTIATE_TEST_SUITE_P(
    Berkeley, RpmDatabase,
    testing::Values(
        Case{"LittleEndian", berkeley_file({package_blob("bash"), kLarge}), kBash + "; " + kLargePackage},
        Case{"BigEndian", berkeley_file({package_blob("bash"), kLarge}, true), kBash + "; " + kLargePackage},
        Case{"NoPackage", berkeley_file({})},
        Case{"CutInAChain", cut_by(berkeley_file({package_blob("bash"), kLarge}), 4096), kBash,
             "1 of 2 entries of the database could not be read; the database has 4 of its 5 pages"},
        Case{"CutWithinAPage", cut_by(berkeley_file({kLarge, package_blob("bash")}), 1), kBash,
             "1 of 2 entries of the database could not be read; the database has 4 of its 5 pages"},
        Case{"ChainThatReturns",
             changed(berkeley_file({package_blob("bash"), kLarge}), 3 * 4096 + 16, number(2, 4, false)),
             kBash, "1 of 2 entries of the database could not be read"},
        Case{"ChainOutOfTheFile",
             changed(berkeley_file({package_blob("bash"), kLarge}), 3 * 4096 + 16, "\xff\xff\xff\xff"), kBash,
             "1 of 2 entries of the database could not be read"},
        Case{"ItemsOutOfThePage", changed(berkeley_file({package_blob("bash")}), 4096 + 26 + 4, "\xff\xff"),
             "", "1 of 1 entries of the database could not be read"},
        Case{"BlobThatIsNone", berkeley_file({package_blob("bash"), "no header of rpm"}), kBash,
             "a package's header says 1852776552 entries and 1700881509 bytes"}),
    [](const auto& row) { return row.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Ndb, RpmDatabase,
    testing::Values(Case{"Two", ndb_file({package_blob("bash"), kLarge}), kBash + "; " + kLargePackage},
                    Case{"NoPackage", ndb_file({})},
                    Case{"Cut", cut_by(ndb_file({package_blob("bash"), kLarge}), 1), kBash,
                         "1 of 2 packages of the database could not be read"},
                    Case{"CutInTheIndex", ndb_file({package_blob("bash")}).substr(0, 1000), "",
                         "1 of 1 packages of the database could not be read; the database has 1000 of 4096 "
                         "bytes of its index"},
                    Case{"WrongSum", changed(ndb_file({package_blob("bash")}), 4096 + 20, "?"), "",
                         "1 of 1 packages of the database could not be read"},
                    Case{"SlotOutOfTheFile",
                         changed(ndb_file({package_blob("bash")}), 32 + 8, "\xff\xff\xff\xff"), "",
                         "1 of 1 packages of the database could not be read"},
                    Case{"SlotThatIsNone",
                         changed(ndb_file({package_blob("bash"), package_blob("bash")}), 32, "Slat"), kBash,
                         "1 of 2 packages of the database could not be read"}),
    [](const auto& row) { return row.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Sqlite, RpmDatabase,
    testing::Values(Case{"Two", sqlite_file({kTable, kInsert, kInsert}), kBash + "; " + kBash},
                    Case{"WithALogBesideIt", changed(sqlite_file({kTable, kInsert}), 18, "\2\2"), kBash},
                    Case{"NoPackage", sqlite_file({kTable})},
                    Case{"Null",
                         sqlite_file({"CREATE TABLE Packages (hnum, blob)",
                                      "INSERT INTO Packages VALUES (1, NULL)"}),
                         "", "a package's header says 0 entries and 0 bytes"}),
    [](const auto& row) { return row.param.name; });

struct Refused {
  const char* name = "";
  std::string bytes = {};
  std::string why = {};
};

class RpmDatabaseRefusal : public testing::TestWithParam<Refused> {};

TEST_P(RpmDatabaseRefusal, SaysWhy) {
  const auto hosts = describe().read({"db", GetParam().bytes}, {});
  ASSERT_FALSE(hosts) << packages_of(hosts->front());
  EXPECT_EQ(hosts.error().message, "db: " + GetParam().why);
}

INSTANTIATE_TEST_SUITE_P(
    Files, RpmDatabaseRefusal,
    testing::Values(
        Refused{"Empty", "", "no database of rpm in a form that is known"},
        Refused{"BerkeleyCut", berkeley_file({}).substr(0, 20), "the database is cut at 20 bytes"},
        Refused{"BerkeleyPageSize", changed(berkeley_file({}), 20, number(4097, 4, false)),
                "the database says pages of 4097 bytes"},
        Refused{"BerkeleyVersion", changed(berkeley_file({}), 16, number(99, 4, false)),
                "a Berkeley DB hash of version 99 (known: 7 to 10)"},
        Refused{"BerkeleyEncrypted", changed(berkeley_file({}), 24, "\1"),
                "the database is encrypted or has checksums in its pages"},
        Refused{"NdbVersion", changed(ndb_file({}), 4, "\1"), "an ndb of version 1 (known: 0)"},
        Refused{"SqliteCut", sqlite_file({kTable}).substr(0, 50), "the database is cut at 50 bytes"},
        Refused{"SqliteView",
                sqlite_file({"CREATE TABLE t (blob)", "CREATE VIEW Packages AS SELECT blob FROM t"}),
                "'Packages' of the database is no ordinary table"},
        Refused{"SqliteVirtualTable", sqlite_file({"CREATE VIRTUAL TABLE Packages USING fts5(blob)"}),
                "'Packages' of the database is no ordinary table"},
        Refused{"SqliteNoTable", sqlite_file({"CREATE TABLE Packets (blob)"}),
                "the database has no table 'Packages'"},
        Refused{"SqliteNoColumn", sqlite_file({"CREATE TABLE Packages (hnum)"}),
                "the database: no such column: blob"}),
    [](const auto& row) { return row.param.name; });

TEST(RpmDatabaseCut, EverywhereIsNeverAnEmptyListThatLooksWhole) {
  for (const std::string& whole :
       {berkeley_file({package_blob("bash"), kLarge}), ndb_file({package_blob("bash"), kLarge}),
        sqlite_file(
            {kTable, kInsert, kInsert, kInsert, kInsert, kInsert, kInsert, kInsert, kInsert, kInsert})}) {
    const auto all = describe().read({"db", whole}, {})->front().components.size();
    for (std::size_t size = 0; size < whole.size(); size += 61) {
      const auto hosts = describe().read({"db", whole.substr(0, size)}, {});
      if (!hosts) continue;
      EXPECT_TRUE(hosts->front().lacks(assess::Gap::packages_cut)) << size;
      EXPECT_LE(hosts->front().components.size(), all);
    }
  }
}

struct SharedCase {
  const char* file = "";
  std::size_t packages = 0;
  const char* system = "";
};

class SharedRpmDatabase : public testing::TestWithParam<SharedCase> {};

TEST_P(SharedRpmDatabase, IsRead) {
  const auto document = shared_document(std::string("rpmdb/") + GetParam().file);
  if (!document) GTEST_SKIP() << "the shared inventories are not on this machine";
  ASSERT_EQ(source_of(*document), &describe());
  const auto hosts = describe().read(*document, {});
  ASSERT_TRUE(hosts) << hosts.error().message;
  EXPECT_EQ(hosts->front().components.size(), GetParam().packages) << packages_of(hosts->front());
  EXPECT_EQ(system_of(hosts->front()), GetParam().system);
  EXPECT_EQ(gaps_of(hosts->front(), assess::Gap::packages_cut), "");
}

INSTANTIATE_TEST_SUITE_P(Forms, SharedRpmDatabase,
                         testing::Values(SharedCase{"libuuid-bdb/Packages", 1, "redhat:enterprise_linux 8"},
                                         SharedCase{"sle15-bci-ndb/Packages.db", 35,
                                                    "suse:linux_enterprise_server 15.3"},
                                         SharedCase{"rpm-sqlite/rpmdb.sqlite", 3, " "}),
                         [](const auto& row) { return "File" + std::to_string(row.index); });

TEST(SharedRpmDatabases, OfOneImageAgreeWithItsList) {
  const auto database = shared_document("rpmdb/sle15-bci-ndb/Packages.db");
  const auto list = shared_document("rpm_qa/SLE15WithNDB.tsv");
  if (!database || !list) GTEST_SKIP() << "the shared inventories are not on this machine";
  const auto hosts = describe().read(*database, {});
  const auto listed = source_of(*list)->read(*list, {});
  std::vector<std::string> ours, theirs;
  for (const auto& one : hosts->front().components)
    ours.push_back(one.name + " " + one.version + " " + one.source_package);
  for (const auto& one : listed->front().components)
    theirs.push_back(one.name + " " + one.version + " " + one.source_package);
  std::sort(ours.begin(), ours.end());
  std::sort(theirs.begin(), theirs.end());
  EXPECT_EQ(ours, theirs);
}

}  // namespace
}  // namespace bansoko::inventory::rpmdb
