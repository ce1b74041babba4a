// SPDX-License-Identifier: Apache-2.0
#include "assess/knowledge/import.h"

#include <filesystem>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "archive/test_archive.h"
#include "tests/temporary_folder.h"

namespace bansoko::knowledge {
namespace {

using archive::TestArchive;

const std::string kDefinitions = "CVE,BulletinKB,AffectedProduct\nCVE-2013-5065,2914368,P\n";
const std::string kEpss = "cve,epss\nCVE-2013-5065,0.5\n";

std::string cve_file(const std::string& number) {
  return R"({"dataType":"CVE_RECORD","cveMetadata":{"cveId":"CVE-2020-)" + number + R"("},"containers":{}})";
}

/// Imports, and tells a line for each feed and file.
class Imports {
 public:
  std::string path(std::string_view name) const { return folder_ / name; }
  Imports& file(const std::string& name, std::string_view bytes) {
    std::filesystem::create_directories(std::filesystem::path(path(name)).parent_path());
    put_file(path(name), bytes);
    return *this;
  }

  std::string of(const std::string& name, const ImportLimits& limits = {}) {
    auto store = open_to_write(path("k.db"));
    if (!store) return store.error().message;
    const auto report = import_path(*store, path(name), feed::all_formats(), limits, 1);
    if (!report) return report.error().message;
    std::string told;
    for (const ImportedFeed& one : report->feeds)
      told += fmt::format("{} [{}] {} of {}{}\n", one.feed.format, one.feed.scope, one.feed.records,
                          one.feed.files, one.replaced ? " again" : "");
    for (const std::string& one : report->passed_over)
      told += "passed over " + one.substr(folder_.path().size() + 1) + "\n";
    for (const Refused& one : report->refused)
      told += fmt::format("{}: {}\n", one.name.substr(folder_.path().size() + 1), one.why);
    return told;
  }

 private:
  TemporaryFolder folder_;
};

TEST(Import, OfFiles) {
  Imports imports;
  imports.file("CVEs_20260628.csv", kDefinitions).file("LICENSE", "MIT").file("empty", "");
  EXPECT_EQ(imports.of("CVEs_20260628.csv"), "microsoft-definitions [CVEs] 1 of 1\n");
  EXPECT_EQ(imports.of("CVEs_20260628.csv"), "microsoft-definitions [CVEs] 1 of 1 again\n");
  EXPECT_EQ(imports.of("LICENSE"), "LICENSE: it is no feed of a known format\n");
  EXPECT_EQ(imports.of("empty"), "empty: it is empty\n");
  EXPECT_EQ(imports.of("absent"),
            "absent: cannot open " + imports.path("absent") + ": No such file or directory\n");
}

TEST(Import, OfArchives) {
  for (const auto form : {TestArchive::Form::zip, TestArchive::Form::tar_gz}) {
    Imports imports;
    imports.file("a", TestArchive(form)
                          .file("Version.txt", "1")
                          .file("CVEs_20260628.csv", kDefinitions)
                          .file("Custom_20190321.csv", kDefinitions)
                          .file("epss.csv", kEpss)
                          .bytes());
    EXPECT_EQ(imports.of("a"),
              "epss [] 1 of 1\nmicrosoft-definitions [CVEs] 1 of 1\nmicrosoft-definitions [Custom] 1 of 1\n"
              "passed over a: Version.txt\n");
  }
}

TEST(Import, OfFolders) {
  Imports imports;
  imports.file("rich/2020/a.json", cve_file("0001"))
      .file("rich/2020/b.json", cve_file("0002"))
      .file("rich/README", "x");
  imports.file("rich/.git/c.json", cve_file("0003"));
  std::filesystem::create_symlink(imports.path("rich/2020"), imports.path("rich/link"));
  EXPECT_EQ(imports.of("rich/"), "cve-5 [rich] 2 of 2\nrich/README: it is no feed of a known format\n");
  EXPECT_EQ(imports.of("rich/2020/a.json"), "cve-5 [CVE-2020-0001] 1 of 1\n");
  std::filesystem::create_directory(imports.path("none"));
  EXPECT_EQ(imports.of("none"), "none: there are no files in it\n");
}

TEST(Import, ABrokenFileLeavesTheOldOfItsFormat) {
  Imports imports;
  imports.file("rich/a.json", cve_file("0001")).file("rich/b.json", cve_file("0002"));
  imports.of("rich");
  imports.file("rich/b.json", R"({"dataType":"CVE_RECORD",)")
      .file("rich/c.json", cve_file("0003"))
      .file("rich/d.csv", kEpss);
  EXPECT_EQ(imports.of("rich"),
            "epss [] 1 of 1\nrich/b.json: cve-5: no valid JSON: at line 1, column 26: syntax error while "
            "parsing object key "
            "- unexpected end of input; expected string literal\nrich/c.json: cve-5: left out: another file "
            "of this format "
            "failed\n");
  auto known = Knowledge::open(imports.path("k.db"));
  const std::vector<std::string> cves{"CVE-2020-0001", "CVE-2020-0002", "CVE-2020-0003"};
  EXPECT_EQ(known->vulnerabilities(cves)->size(), 2U);
}

TEST(Import, LimitsAndBombs) {
  Imports imports;
  const std::string big = "CVE,BulletinKB,AffectedProduct\n" + std::string(std::size_t{100} << 20U, '\n');
  imports.file("bomb.zip", TestArchive(TestArchive::Form::zip).file("a.csv", big).bytes());
  EXPECT_EQ(imports.of("bomb.zip"),
            "bomb.zip: a.csv: microsoft-definitions: it unpacks to more than 300 times its size: taken for a "
            "bomb\n");
  imports.file("two.csv", kDefinitions + "CVE-2013-5066,2914368,P\n");
  EXPECT_EQ(imports.of("two.csv", {.feed = {.max_records = 1}}),
            "two.csv: microsoft-definitions: more than 1 records\n");
  EXPECT_EQ(imports.of("two.csv", {.feed = {.max_bytes = 10}}),
            "two.csv: microsoft-definitions: it is larger than 10 bytes\n");
  imports.file("d/1/2/a.csv", kEpss);
  EXPECT_EQ(imports.of("d", {.max_path_depth = 2}),
            "d: " + imports.path("d") + " has folders more than 2 deep\n");
  EXPECT_EQ(imports.of("d", {.max_files = 0}), "d: " + imports.path("d") + " has more than 0 files\n");
}

}  // namespace
}  // namespace bansoko::knowledge
