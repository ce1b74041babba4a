// SPDX-License-Identifier: Apache-2.0
#include "assess/knowledge/knowledge.h"

#include <csignal>
#include <filesystem>

#include <sys/wait.h>
#include <unistd.h>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include "assess/knowledge/codes.h"
#include "assess/knowledge/writer.h"
#include "tests/cases.h"
#include "tests/temporary_folder.h"

namespace bansoko::knowledge {
namespace {

assess::Date day(std::string_view text) { return *assess::parse_date(text); }

struct CodeCase {
  const char* name;
  std::string text;
  bool is_cve;
};

class CveCodes : public testing::TestWithParam<CodeCase> {};

TEST_P(CveCodes, GiveTheNameBack) {
  const auto code = code_of_cve(GetParam().text);
  ASSERT_EQ(code.has_value(), GetParam().is_cve);
  if (code) {
    EXPECT_EQ(name_of_cve(*code), GetParam().text);
  }
}

INSTANTIATE_TEST_SUITE_P(Codes, CveCodes,
                         testing::Values(CodeCase{"Old", "CVE-1999-0001", true},
                                         CodeCase{"Zero", "CVE-2008-0000", true},
                                         CodeCase{"Long", "CVE-2021-44228", true},
                                         CodeCase{"Longest", "CVE-2021-999999999999", true},
                                         CodeCase{"TooLong", "CVE-2021-1000000000000", false},
                                         CodeCase{"ThreeDigits", "CVE-2021-123", false},
                                         CodeCase{"ZeroBefore", "CVE-2021-04228", false},
                                         CodeCase{"LowerCase", "cve-2021-44228", false},
                                         CodeCase{"NoDash", "CVE-2021944228", false},
                                         CodeCase{"Empty", "", false}, CodeCase{"Other", "GHSA-abcd", false}),
                         by_name);

TEST(KbCodes, AreNumbers) {
  EXPECT_EQ(code_of_kb("958644"), 958644);
  EXPECT_EQ(name_of_kb(958644), "958644");
  for (const char* none : {"", "SP2", "1234567890", "-1"}) EXPECT_EQ(code_of_kb(none), 0) << none;
  EXPECT_EQ(name_of_kb(0), "");
}

/// A store with what a test puts into it.
class Store {
 public:
  Store() : database_(*open_to_write(path())) {}
  std::string path() const { return folder_ / "knowledge.db"; }
  Database& database() { return database_; }

  /// One feed of one file with these records.
  template <class... Records>
  std::vector<ImportedFeed> import(const std::string& format, const std::string& scope,
                                   const Records&... records) {
    const auto writer = Writer::begin(database_);
    (*writer)->begin_file(format, "MIT", 100);
    const bool all_put = ((*writer)->put(records).has_value() && ...);
    EXPECT_TRUE(all_put);
    EXPECT_TRUE((*writer)->keep_file(
        {.scope = scope, .date = day("2026-01-02"), .version = "1"},
        {.origin = "/feed", .path = "/feed", .name = "feed", .sha256 = "ab", .bytes = 7}));
    auto imported = (*writer)->commit(1'700'000'000);
    EXPECT_TRUE(imported) << imported.error().message;
    return imported ? *imported : std::vector<ImportedFeed>();
  }
  Knowledge open() { return std::move(*Knowledge::open(path(), Check::whole)); }

 private:
  TemporaryFolder folder_;
  Database database_;
};

std::vector<std::string> asked(const char* cve) { return {"CVE-1999-0001", cve}; }

TEST(KnowledgeOf, Microsoft) {
  Store store;
  assess::MicrosoftFix fix{
      .cve = "CVE-2008-4250", .kb = "2705219", .product = "Server 2003", .component = "IIS"};
  fix.bulletin = "MS12-054";
  fix.title = "T";
  fix.severity = "Critical";
  fix.impact = "I";
  fix.supersedes = {"958644", "2653956"};
  fix.posted = day("2012-08-14");
  store.import("definitions", "", fix,
               assess::MicrosoftFix{.kb = "2705219", .product = "XP", .supersedes = {"958644"}},
               assess::MicrosoftFix{.product = "Office"});
  Knowledge known = store.open();
  EXPECT_EQ(*known.microsoft_products(), (std::vector<std::string>{"Office", "Server 2003", "XP"}));
  const auto fixes = known.microsoft_fixes("Server 2003");
  ASSERT_TRUE(fixes) << fixes.error().message;
  ASSERT_EQ(fixes->size(), 1U);
  const assess::MicrosoftFix& got = fixes->front();
  EXPECT_EQ(fmt::format("{} {} {} {} {} {} {} {} {} {}", got.cve, got.kb, got.product, got.component,
                        got.bulletin, got.title, got.severity, got.impact, fmt::join(got.supersedes, ","),
                        assess::to_text(*got.posted)),
            "CVE-2008-4250 2705219 Server 2003 IIS MS12-054 T Critical I 958644,2653956 2012-08-14");
  EXPECT_TRUE(known.microsoft_fixes("server 2003")->empty());
  EXPECT_EQ(known.microsoft_fixes("Office")->front().kb, "");
  const auto pairs = known.supersedences();
  ASSERT_EQ(pairs->size(), 2U);
  EXPECT_EQ((*pairs)[0].superseded, 958644U);
  EXPECT_EQ((*pairs)[1].superseded, 2653956U);
}

TEST(KnowledgeOf, TheNewestWordOnAVulnerability) {
  Store store;
  store.import("nvd-1.1", "2008",
               assess::Vulnerability{.cve = "CVE-2008-4250",
                                     .modified = day("2018-01-01"),
                                     .title = "old",
                                     .description = "old",
                                     .cvss2 = assess::Cvss{10, "AV:N"}},
               assess::AffectedProduct{.cve = "CVE-2008-4250", .product = "v:fixed_since"},
               assess::AffectedProduct{.cve = "CVE-2008-4250", .product = "v:still", .version = "1"});
  store.import("nvd-2.0", "2008",
               assess::Vulnerability{.cve = "CVE-2008-4250",
                                     .modified = day("2020-01-01"),
                                     .description = "new",
                                     .cvss3 = assess::Cvss{9.8, "CVSS:3.1/AV:N"}},
               assess::AffectedProduct{.cve = "CVE-2008-4250",
                                       .part = 'o',
                                       .product = "v:still",
                                       .version = "2",
                                       .update = "sp1",
                                       .edition = "x64",
                                       .from = "1",
                                       .from_included = false,
                                       .to = "3",
                                       .to_included = true,
                                       .running_on = {"v:a", "v:b"}});
  // A later word that names no products takes none away.
  store.import(
      "cve-5", "x",
      assess::Vulnerability{.cve = "CVE-2008-4250", .modified = day("2024-01-01"), .rejected = true});
  Knowledge known = store.open();
  const auto found = known.vulnerabilities(asked("CVE-2008-4250"));
  ASSERT_TRUE(found) << found.error().message;
  ASSERT_EQ(found->size(), 1U);
  const assess::Vulnerability& one = found->front();
  EXPECT_EQ(fmt::format("{} {} {} {} {} {}", assess::to_text(*one.modified), one.title, one.description,
                        one.cvss2->vector, one.cvss3->score, one.rejected),
            "2024-01-01 old new AV:N 9.8 true");
  const auto affected =
      known.affected_products(std::vector<std::string>{"v:none", "v:still", "v:fixed_since"});
  ASSERT_EQ(affected->size(), 1U);
  const assess::AffectedProduct& at = affected->front();
  EXPECT_EQ(fmt::format("{} {} {} {} {} {} {} {} {} {}", at.cve, at.part, at.version, at.update, at.edition,
                        at.from, at.from_included, at.to, at.to_included, fmt::join(at.running_on, ",")),
            "CVE-2008-4250 o 2 sp1 x64 1 false 3 true v:a,v:b");
}

TEST(KnowledgeOf, Exploitation) {
  Store store;
  store.import("cisa-kev", "",
               assess::KnownExploited{.cve = "CVE-2013-5065",
                                      .vendor = "Microsoft",
                                      .product = "Windows",
                                      .name = "N",
                                      .added = day("2022-03-03"),
                                      .due = {},
                                      .ransomware = true});
  store.import("nvd-2.0", "a",
               assess::KnownExploited{.cve = "CVE-2013-5065", .name = "later, but says less"});
  store.import("epss", "",
               assess::ExploitProbability{.cve = "CVE-2013-5065", .probability = 0.5, .percentile = 0.9});
  store.import("cve-5", "a",
               assess::Ssvc{.cve = "CVE-2013-5065", .exploitation = "active", .decided = day("2024-01-02")});
  store.import("cve-5", "b",
               assess::Ssvc{.cve = "CVE-2013-5065", .exploitation = "none", .decided = day("2023-01-02")});
  Knowledge known = store.open();
  const auto exploited = known.known_exploited(asked("CVE-2013-5065"));
  ASSERT_EQ(exploited->size(), 1U);
  EXPECT_EQ(exploited->front().product + exploited->front().name, "WindowsN");
  EXPECT_TRUE(exploited->front().ransomware && !exploited->front().due);
  EXPECT_EQ(known.exploit_probabilities(asked("CVE-2013-5065"))->front().percentile, 0.9);
  const auto decisions = known.ssvc(asked("CVE-2013-5065"));
  ASSERT_EQ(decisions->size(), 1U);
  EXPECT_EQ(decisions->front().exploitation, "active");
}

TEST(KnowledgeOf, PackagesSupportAndJapan) {
  Store store;
  assess::PackageFix fix{
      .distribution = "debian", .release = "bullseye", .package = "bash", .is_source = true};
  fix.status = assess::FixStatus::fixed;
  fix.fixed_version = "4.2-1";
  fix.cve = "CVE-2014-6271";
  store.import("debian", "", fix,
               assess::PackageFix{.distribution = "osv:npm", .package = "x", .cve = "GHSA-1"});
  store.import("endoflife.date", "", assess::Lifecycle{.product = "windows", .cycle = "7", .label = "old"});
  store.import(
      "endoflife.date", "windows",
      assess::Lifecycle{.product = "windows", .cycle = "7", .label = "new", .end = day("2020-01-14")},
      assess::Lifecycle{.product = "windows", .cycle = "8", .ended = true});
  store.import("jvn", "2021",
               assess::JapaneseEntry{.id = "JVNDB-1",
                                     .cves = {"CVE-2014-6271", "CVE-2014-7169"},
                                     .title = "題",
                                     .cvss2 = assess::Cvss{7.5, "AV:N"}});
  Knowledge known = store.open();
  const std::vector<std::string> bash{"none", "bash"}, x{"x"};
  ASSERT_EQ(known.package_fixes("debian", "bullseye", bash)->size(), 1U);
  EXPECT_EQ(known.package_fixes("debian", "bullseye", bash)->front().fixed_version, "4.2-1");
  EXPECT_TRUE(known.package_fixes("debian", "buster", bash)->empty());
  EXPECT_EQ(known.package_fixes("osv:npm", "", x)->front().cve, "GHSA-1");
  const auto cycles = known.lifecycles(std::vector<std::string>{"windows"});
  ASSERT_EQ(cycles->size(), 2U);
  EXPECT_EQ((*cycles)[0].label + (*cycles)[1].cycle, "new8");
  const auto entries = known.japanese_entries(std::vector<std::string>{"CVE-2014-7169", "CVE-2014-6271"});
  ASSERT_EQ(entries->size(), 1U);
  EXPECT_EQ(fmt::format("{} {} {}", entries->front().title, fmt::join(entries->front().cves, ","),
                        entries->front().cvss2->score),
            "題 CVE-2014-6271,CVE-2014-7169 7.5");
}

std::size_t probabilities_in(const std::string& path) {
  auto known = Knowledge::open(path, Check::whole);
  return known ? known->exploit_probabilities(std::vector<std::string>{"CVE-2020-0001", "CVE-2020-0002"})
                     ->size()
               : 99;
}

const assess::ExploitProbability kFirst{.cve = "CVE-2020-0001"}, kSecond{.cve = "CVE-2020-0002"};

TEST(KnowledgeWriter, ReplacesByFormatAndScope) {
  Store store;
  EXPECT_FALSE(store.import("epss", "", kFirst)[0].replaced);
  store.import("epss", "other", kFirst);
  store.import("other", "", kFirst);
  const auto again = store.import("epss", "", kSecond);
  ASSERT_TRUE(again[0].replaced);
  EXPECT_EQ(again[0].replaced->records, 1U);
  Knowledge known = store.open();
  const auto feeds = known.feeds();
  ASSERT_EQ(feeds->size(), 3U);
  const Feed& feed = feeds->front();
  EXPECT_EQ(fmt::format("{} {} {} {} {} {} {} {} {} {} {}", feed.format, feed.scope, feed.source,
                        feed.licence, assess::to_text(*feed.date), feed.version, feed.imported, feed.sha256,
                        feed.bytes, feed.files, feed.records),
            "epss  /feed MIT 2026-01-02 1 1700000000 ab 7 1 1");
  EXPECT_EQ(probabilities_in(store.path()), 2U);
  EXPECT_EQ(*store.database().number("SELECT count(*) FROM probability"), 3);
}

TEST(KnowledgeWriter, WhatIsNotCommittedLeavesTheOld) {
  Store store;
  store.import("epss", "", kFirst);
  {
    const auto writer = Writer::begin(store.database());
    (*writer)->begin_file("epss", "", 100);
    EXPECT_TRUE((*writer)->put(kSecond));
    EXPECT_TRUE((*writer)->keep_file({}, {}));
  }
  EXPECT_EQ(probabilities_in(store.path()), 1U);
}

TEST(KnowledgeWriter, AFormatWithABrokenFileIsGivenUp) {
  Store store;
  store.import("epss", "", kFirst);
  const auto writer = Writer::begin(store.database());
  (*writer)->begin_file("epss", "", 100);
  EXPECT_TRUE((*writer)->put(kSecond) && (*writer)->keep_file({.scope = "new"}, {.path = "a"}));
  (*writer)->begin_file("other", "", 100);
  EXPECT_TRUE((*writer)->put(assess::Ssvc{.cve = "CVE-2020-0001"}) &&
              (*writer)->keep_file({}, {.path = "b"}));
  (*writer)->begin_file("epss", "", 1);
  EXPECT_TRUE((*writer)->put(kSecond));
  EXPECT_EQ((*writer)->put(kSecond).error().message, "it has more than 1 records");
  EXPECT_TRUE((*writer)->store() && (*writer)->drop_file());
  EXPECT_TRUE((*writer)->gave_up("epss") && !(*writer)->gave_up("other"));
  const auto imported = (*writer)->commit(1);
  ASSERT_EQ(imported->size(), 1U);
  EXPECT_EQ(imported->front().feed.format, "other");
  EXPECT_EQ(probabilities_in(store.path()), 1U);
  EXPECT_EQ(*store.database().number("SELECT count(*) FROM probability"), 1);
}

TEST(KnowledgeWriter, ManyFilesOfOneScopeAreOneFeed) {
  Store store;
  const auto writer = Writer::begin(store.database());
  const std::vector<std::string> scopes{"a", "a", "a", "b", "a", "c"};
  for (std::size_t i = 0; i < scopes.size(); ++i) {
    const std::string name = std::to_string(i);
    (*writer)->begin_file("epss", "", 100);
    EXPECT_TRUE((*writer)->put(assess::ExploitProbability{.cve = "CVE-2020-000" + name}));
    EXPECT_TRUE((*writer)->keep_file(
        {.scope = scopes[i], .left_out = {{"x", 1}}},
        {.origin = "/f", .path = "/f/" + name, .name = name, .sha256 = name, .bytes = 1}));
  }
  const auto imported = (*writer)->commit(1);
  ASSERT_EQ(imported->size(), 3U);
  const Feed& a = (*imported)[0].feed;
  EXPECT_EQ(
      fmt::format("{} {} {} {} {} {}", a.scope, a.source, a.files, a.bytes, a.records, a.left_out.at("x")),
      "a /f 4 4 4 4");
  EXPECT_EQ((*imported)[1].feed.source, "/f/3");
  const auto rows = store.database().number(
      "SELECT count(*) FROM probability JOIN feed ON feed.id = probability.feed WHERE feed.scope = 'a'");
  EXPECT_EQ(*rows, 4);
  EXPECT_EQ(a.sha256, hexadecimal([] {
              static Digest digest(DigestKind::sha256);
              digest.add(as_bytes("0  0\n1  1\n2  2\n4  4\n"));
              return digest.finish();
            }()));
}

TEST(KnowledgeWriter, AKillLeavesTheOld) {
  Store store;
  store.import("epss", "", kFirst);
  const pid_t child = ::fork();
  if (child == 0) {
    auto database = open_to_write(store.path());
    if (!database || !database->run("PRAGMA cache_size=10"))
      ::_exit(1);  // pages go to the disk before the end
    const auto writer = Writer::begin(*database);
    (*writer)->begin_file("epss", "", 1'000'000);
    for (int i = 0; i < 50'000; ++i)
      if (!(*writer)->put(kSecond)) ::_exit(1);
    ::raise(SIGKILL);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status));
  EXPECT_TRUE(std::filesystem::exists(store.path() + "-journal"));
  EXPECT_EQ(probabilities_in(store.path()), 1U);
  EXPECT_EQ(*store.database().number("SELECT count(*) FROM probability"), 1);
}

TEST(KnowledgeFile, IsOpenedOnlyIfItIsOursAndWhole) {
  const TemporaryFolder folder;
  const std::string path = folder / "sub/knowledge.db";
  EXPECT_EQ(Knowledge::open(path).error().message, path + " is not there: no feed was imported yet");
  ASSERT_TRUE(open_to_write(path));
  EXPECT_TRUE(Knowledge::open(path));
  const std::string whole = contents_of(path);
  const auto error_of = [&path](const std::string& bytes) {
    put_file(path, bytes);
    for (const auto& got :
         {Knowledge::open(path, Check::whole).error().message, open_to_write(path).error().message})
      if (got != Knowledge::open(path, Check::whole).error().message) return "not the same: " + got;
    return Knowledge::open(path, Check::whole).error().message.substr(path.size() + 2);
  };
  EXPECT_EQ(error_of("a text that is no database, but longer than a header is: " + std::string(200, 'x')),
            "it is no file of Bansoko's knowledge");
  EXPECT_EQ(error_of(whole.substr(0, whole.size() - 4096)),
            "it is damaged: remove it and import the feeds again");
  std::string newer = whole;
  newer[63] = 99;  // user_version, at offset 60 of the header
  EXPECT_EQ(error_of(newer),
            "it is of version 99, this program reads 2: import the feeds again, into a new file");
  std::string foreign = whole;
  foreign[71] = 0;  // application_id, at offset 68
  EXPECT_EQ(error_of(foreign), "it is no file of Bansoko's knowledge");
  std::string damaged = whole;
  std::fill(damaged.begin() + 4096, damaged.begin() + 8192, '\xff');
  EXPECT_NE(error_of(damaged).find("damaged"), std::string::npos);
}

}  // namespace
}  // namespace bansoko::knowledge
