// SPDX-License-Identifier: Apache-2.0
#include "shield/source/import.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/file.h"
#include "shield/source/intake.h"
#include "shield/source/staging.h"
#include "tests/cases.h"
#include "tests/source_folder.h"
#include "tests/temporary_folder.h"

namespace bansoko::source {
namespace {

namespace fs = std::filesystem;

std::string rule_text(std::uint32_t sid, std::string_view options = "") {
  return fmt::format("alert tcp any any -> any any ({}sid:{}; rev:1;)\n", options, sid);
}

Result<rule::Diagnostics> no_faults(const std::vector<std::string>&) { return rule::Diagnostics{}; }

/// A folder with rules, and one for sources.
class Import : public testing::Test {
 protected:
  void put(const std::string& path, std::string_view text) const {
    fs::create_directories(fs::path(from_ / path).parent_path());
    put_file(from_ / path, text);
  }

  Result<ImportReport> import(const Check& check = no_faults) const {
    return import_source(request_, {}, check);
  }

  std::string kept(const std::string& file) const { return contents_of(to_ / ("src/" + file)); }

  /// What stands in the folder of all sources.
  std::vector<std::string> standing() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(to_.path())) names.push_back(entry.path().filename());
    std::ranges::sort(names);
    return names;
  }

  TemporaryFolder from_, to_;
  ImportRequest request_{.from = from_.path(), .name = "src", .folder = to_.path(), .now = 1700000000};
};

TEST_F(Import, KeepsWhatWasRead) {
  put("rules/a.rules", "# head\n" + rule_text(1) + "#" + rule_text(2));
  put("rules/LICENSE", "Under the GPLv2 or the BSD License");
  put("version.txt", "5.0.1\nmore");
  put("readme.txt", "not wanted");
  const auto report = import();
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_FALSE(report->replaced);
  EXPECT_EQ(kept("a.rules"), "# head\n" + rule_text(1) + "#" + rule_text(2));
  EXPECT_EQ(kept("LICENSE"), "Under the GPLv2 or the BSD License");
  EXPECT_FALSE(fs::exists(to_ / "src/readme.txt"));
  const auto stored = read_source(to_.path(), "src");
  ASSERT_TRUE(stored) << stored.error().message;
  EXPECT_EQ(stored->facts.rules, 2U);
  EXPECT_EQ(stored->facts.enabled, 1U);
  EXPECT_EQ(stored->facts.licence, "GPLv2, BSD");
  EXPECT_EQ(stored->facts.licence_files, "rules/LICENSE");
  EXPECT_EQ(stored->facts.version, "5.0.1");
  EXPECT_EQ(stored->facts.imported, "2023-11-14T22:13:20Z");
  EXPECT_EQ(stored->facts.files.at("a.rules"), "rules/a.rules");
  ASSERT_EQ(stored->rules.size(), 2U);
  EXPECT_EQ(stored->rules[1].file, to_ / "src/a.rules");
  EXPECT_EQ(source_names(to_.path()).value(), std::vector<std::string>{"src"});
}

TEST_F(Import, LicenceMayStandInTheRules) {
  put("a.rules", "# Licensed under CC0\n" + rule_text(1, "msg:\"MIT License\"; "));
  const auto report = import();
  ASSERT_TRUE(report);
  EXPECT_EQ(report->facts.licence, "CC0");
  EXPECT_EQ(report->facts.licence_files, "a.rules");
}

TEST_F(Import, AgainReplacesAll) {
  put("a.rules", rule_text(1));
  ASSERT_TRUE(import());
  fs::remove(from_ / "a.rules");
  put("b.rules", rule_text(2));
  const auto report = import();
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_TRUE(report->replaced);
  EXPECT_FALSE(fs::exists(to_ / "src/a.rules"));
  EXPECT_EQ(kept("b.rules"), rule_text(2));
  EXPECT_EQ(standing(), (std::vector<std::string>{".lock", "src"}));
}

TEST_F(Import, SourcesAreKeptApart) {
  put("a.rules", rule_text(1));
  ASSERT_TRUE(import());
  request_.name = "other";
  ASSERT_TRUE(import());
  EXPECT_EQ(source_names(to_.path()).value(), (std::vector<std::string>{"other", "src"}));
  EXPECT_EQ(kept("a.rules"), rule_text(1));
}

TEST_F(Import, FailureLeavesTheOldOne) {
  put("a.rules", rule_text(1));
  ASSERT_TRUE(import());
  put("a.rules", rule_text(2));
  const Check fails = [](const auto&) -> Result<rule::Diagnostics> { return fail(Errc::limit, "no memory"); };
  EXPECT_FALSE(import(fails));
  put("broken.tar.gz", "\x1f\x8b\x08 nonsense");
  request_.from = from_ / "broken.tar.gz";
  EXPECT_FALSE(import());
  request_.from = from_ / "none";
  EXPECT_FALSE(import());
  EXPECT_EQ(kept("a.rules"), rule_text(1));
  EXPECT_EQ(standing(), (std::vector<std::string>{".lock", "src"}));
}

TEST_F(Import, WithoutRulesIsRefused) {
  put("LICENSE", "MIT License");
  EXPECT_FALSE(import());
  put("a.rules", "# nothing but a comment\n");
  EXPECT_FALSE(import());
  EXPECT_FALSE(fs::exists(to_ / "src"));
}

TEST_F(Import, WhatAnImportLeftThatDiedIsNoHarm) {
  put("a.rules", rule_text(1));
  fs::create_directories(to_ / ".src.new/x");
  ASSERT_TRUE(import());
  EXPECT_EQ(standing(), (std::vector<std::string>{".lock", "src"}));
}

TEST_F(Import, OnlyOneAtATime) {
  put("a.rules", rule_text(1));
  const auto other = Staging::open(to_.path(), "other");
  ASSERT_TRUE(other);
  const auto report = import();
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, Errc::denied);
}

TEST_F(Import, FilesOfOneNameStandBesideEachOther) {
  put("one/a.rules", rule_text(1));
  put("two/a.rules", rule_text(2));
  put("two/.b c*.rules", rule_text(3));
  const auto report = import();
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->facts.files, (settings::Words{{"a.rules", "one/a.rules"},
                                                  {"a-2.rules", "two/a.rules"},
                                                  {"_.b_c_.rules", "two/.b c*.rules"}}));
  EXPECT_EQ(read_source(to_.path(), "src")->rules.size(), 3U);
}

TEST_F(Import, IgnoredFilesAreTold) {
  put("a.rules", rule_text(1));
  put("x/emerging-deleted.rules", rule_text(2));
  const auto report = import();
  ASSERT_TRUE(report);
  EXPECT_EQ(report->ignored.size(), 1U);
  EXPECT_EQ(report->facts.rules, 1U);
  request_.ignore.clear();
  EXPECT_EQ(import()->facts.rules, 2U);
}

/// Says that the rule on line 2 of each file cannot be loaded.
Result<rule::Diagnostics> second_line_is_wrong(const std::vector<std::string>& files) {
  rule::Diagnostics told;
  for (const std::string& file : files) {
    EXPECT_FALSE(contents_of(file).empty());
    told.push_back({.file = file, .line = 2, .column = 1, .message = "no such option", .valid = ""});
    told.push_back({.file = file, .line = 2, .column = 5, .message = "and another", .valid = ""});
    told.push_back({.file = file,
                    .line = 1,
                    .column = 1,
                    .severity = rule::Severity::warning,
                    .message = "odd",
                    .valid = ""});
  }
  return told;
}

TEST_F(Import, WhatCannotBeLoadedIsOff) {
  put("a.rules", rule_text(1) + rule_text(2) + rule_text(3));
  const auto report = import(second_line_is_wrong);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(kept("a.rules"), rule_text(1) + "# " + rule_text(2) + rule_text(3));
  EXPECT_EQ(report->facts.faulty, 1U);
  EXPECT_EQ(report->facts.enabled, 2U);
  ASSERT_EQ(report->files.size(), 1U);
  EXPECT_EQ(report->files[0].first_fault, "line 2: no such option");
  const auto stored = read_source(to_.path(), "src");
  EXPECT_EQ(stored->rules[1].reason, "does not load: no such option");
}

TEST_F(Import, UnlessItIsToBeKept) {
  put("a.rules", rule_text(1) + rule_text(2));
  request_.keep_faulty = true;
  const auto report = import(second_line_is_wrong);
  ASSERT_TRUE(report);
  EXPECT_EQ(kept("a.rules"), rule_text(1) + rule_text(2));
  EXPECT_EQ(report->facts.faulty, 1U);
}

TEST_F(Import, ChoicesAreAppliedAndRemembered) {
  put("rules/a.rules", rule_text(1) + rule_text(2) + "# " + rule_text(3));
  rule::Diagnostics told;
  selection::Choices choices;
  choices.disable = selection::MatcherList::parse("filename:rules/*\n", "disable.conf", told);
  choices.enable = selection::MatcherList::parse("3\n", "enable.conf", told);
  choices.drop = selection::MatcherList::parse("2\n", "drop.conf", told);
  ASSERT_TRUE(import_source(request_, choices, no_faults));
  EXPECT_EQ(kept("a.rules"), "# " + rule_text(1) + "# drop" + rule_text(2).substr(5) + rule_text(3));
  const auto stored = read_source(to_.path(), "src");
  ASSERT_TRUE(stored);
  EXPECT_EQ(stored->rules[0].reason, "disable.conf:1: filename:rules/*");
  EXPECT_EQ(stored->rules[1].edits, std::vector<std::string>{"drop.conf:1: 2"});
  EXPECT_EQ(stored->rules[1].shipped_text + "\n", rule_text(2));
  EXPECT_EQ(stored->rules[2].reason, "enable.conf:1: 3");
}

TEST_F(Import, OfOneFile) {
  put("a.rules", "alert tcp any any -> any any (sid:1;)\n");
  request_.from = from_ / "a.rules";
  const auto report = import();
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->facts.sha256, "987c43618f396ea794670b96854b9e1188f49fe0a43a082bfb18ac16c040a1de");
  EXPECT_EQ(kept("a.rules"), "alert tcp any any -> any any (sid:1;)\n");
}

TEST_F(Import, LimitsAreRefused) {
  put("a.rules", rule_text(1));
  request_.limits.max_member_bytes = 10;
  EXPECT_FALSE(import());
}

TEST_F(Import, RealRules) {
  const char* const named = std::getenv("BANSOKO_SHARED");
  const std::string shared = named != nullptr ? named : source_folder() + "/../shared";
  request_.from = shared + "/data/rules/etopen.rules";
  if (!fs::exists(request_.from)) GTEST_SKIP() << "skipped: " << request_.from << " is not there";
  const auto report = import();
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->facts.rules, 25440U);
  EXPECT_EQ(report->facts.enabled, 25440U);
  EXPECT_EQ(kept("etopen.rules"), contents_of(request_.from));
}

TEST(Facts, ReadBack) {
  SourceFacts facts;
  facts.origin = "/a: \"b\" #c\\d 'e'";
  facts.version = "1.0";
  facts.files = {{"a.rules", "x: y/\"a\".rules"}, {"b-2.rules", "規則/b.rules"}};
  const auto again = parse_facts(to_yaml(facts), "x");
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(again->origin, facts.origin);
  EXPECT_EQ(again->version, "1.0");
  EXPECT_EQ(again->files, facts.files);
  EXPECT_FALSE(parse_facts("source: [", "x"));
}

struct NameCase {
  const char* name;
  std::string text;
  std::string is;
};

class NameAfter : public testing::TestWithParam<NameCase> {};
TEST_P(NameAfter, Is) { EXPECT_EQ(name_after(GetParam().text), GetParam().is); }
INSTANTIATE_TEST_SUITE_P(Source, NameAfter,
                         testing::Values(NameCase{"TarGz", "/x/emerging.rules.tar.gz", "emerging"},
                                         NameCase{"Tgz", "a.tgz", "a"}, NameCase{"Zip", "b/a.zip", "a"},
                                         NameCase{"Rules", "a.rules", "a"},
                                         NameCase{"Folder", "/x/et-open/", "et-open"},
                                         NameCase{"OnlyExtension", ".rules", ".rules"}),
                         by_name);

TEST(SourceName, IsPlain) {
  for (const char* good : {"a", "et-open_8.0", "A1"}) EXPECT_TRUE(is_source_name(good)) << good;
  for (const std::string bad : {"", ".", "..", ".a", "a/b", "a b", "規則", "a\n"})
    EXPECT_FALSE(is_source_name(bad)) << bad;
  EXPECT_TRUE(is_source_name(std::string(64, 'a')));
  EXPECT_FALSE(is_source_name(std::string(65, 'a')));
}

TEST(SourceNames, OfNoFolderAreNone) { EXPECT_TRUE(source_names("/nonexistent/x")->empty()); }

}  // namespace
}  // namespace bansoko::source
