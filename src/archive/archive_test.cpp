// SPDX-License-Identifier: Apache-2.0
#include "archive/archive.h"

#include <filesystem>

#include <gtest/gtest.h>

#include "archive/test_archive.h"
#include "tests/cases.h"
#include "tests/temporary_folder.h"

namespace bansoko::archive {
namespace {

using Form = TestArchive::Form;

bool is_rules(std::string_view path) { return path.ends_with(".rules"); }
bool is_any(std::string_view) { return true; }

constexpr Limits kSmall{
    .max_bytes = 100, .max_member_bytes = 40, .max_archive_bytes = 1000, .max_members = 3};

struct PathCase {
  const char* name;
  std::string path;
  const char* safe;  // null: refused
};

class SafePath : public testing::TestWithParam<PathCase> {};

TEST_P(SafePath, Is) {
  const auto safe = safe_path(GetParam().path);
  ASSERT_EQ(safe.has_value(), GetParam().safe != nullptr);
  if (safe) {
    EXPECT_EQ(*safe, GetParam().safe);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Archive, SafePath,
    testing::Values(PathCase{"Plain", "rules/a.rules", "rules/a.rules"},
                    PathCase{"Dots", "./rules//./a.rules", "rules/a.rules"},
                    PathCase{"Folder", "rules/", "rules"}, PathCase{"Nothing", "", ""},
                    PathCase{"DotsInName", "a..b/...", "a..b/..."},
                    PathCase{"Utf8", "規則.rules", "規則.rules"},
                    PathCase{"Absolute", "/etc/passwd", nullptr}, PathCase{"Up", "../a", nullptr},
                    PathCase{"UpInTheMidst", "a/../../b", nullptr}, PathCase{"UpAtEnd", "a/..", nullptr},
                    PathCase{"Newline", "a\nb", nullptr}, PathCase{"Nul", std::string("a\0b", 3), nullptr},
                    PathCase{"Escape", "a\x1b[2J", nullptr}),
    by_name);

class Forms : public testing::TestWithParam<std::pair<const char*, Form>> {};

TEST_P(Forms, AreRead) {
  TestArchive made(GetParam().second);
  made.folder("rules/").file("./rules/b.rules", "bb").file("rules/a.rules", "").file("LICENSE", "x");
  const auto read = read_archive(as_bytes(made.bytes()), Limits{}, is_rules);
  ASSERT_TRUE(read) << read.error().message;
  ASSERT_EQ(read->members.size(), 2U);
  EXPECT_EQ(read->members[0].path, "rules/a.rules");
  EXPECT_EQ(read->members[0].bytes, "");
  EXPECT_EQ(read->members[1].path, "rules/b.rules");
  EXPECT_EQ(read->members[1].bytes, "bb");
  EXPECT_EQ(read->members[1].modified, 1700000000);
  EXPECT_TRUE(read->ignored.empty());
}

/// What no compression makes smaller.
std::string noise(std::size_t size) {
  std::string bytes;
  for (std::uint32_t state = 1; bytes.size() < size; state = state * 1664525 + 1013904223)
    bytes += static_cast<char>(state >> 24U);
  return bytes;
}

TEST_P(Forms, CutShortAreRefused) {
  TestArchive made(GetParam().second);
  made.file("a.rules", noise(5000));
  const std::string whole = made.bytes();
  // Behind the last member's bytes there is padding, which may be missing.
  for (std::size_t size = 1; size < 5000; size += 37)
    EXPECT_FALSE(read_archive(as_bytes(whole.substr(0, size)), Limits{}, is_rules)) << size;
}

TEST(Archive, CompressedDataIsVerified) {
  TestArchive made(Form::tar_gz);
  made.file("a.rules", noise(5000));
  const std::string whole = made.bytes();
  for (std::size_t at = 10; at < whole.size(); at += 41) {
    std::string damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x10);
    EXPECT_FALSE(read_archive(as_bytes(damaged), Limits{}, is_rules)) << at;
  }
  for (std::size_t size = 0; size < whole.size(); size += 41)
    EXPECT_FALSE(read_archive(as_bytes(whole.substr(0, size)), Limits{}, is_rules)) << size;
  EXPECT_TRUE(read_archive(as_bytes(whole), Limits{}, is_rules));
}

TEST(Archive, CompressedSizeIsBounded) {
  TestArchive made(Form::tar_gz);
  made.file("a", std::string(1000000, 'a'));
  EXPECT_FALSE(read_archive(as_bytes(made.bytes()), kSmall, is_rules));
}

INSTANTIATE_TEST_SUITE_P(Archive, Forms,
                         testing::Values(std::pair("Tar", Form::tar), std::pair("TarGz", Form::tar_gz),
                                         std::pair("Zip", Form::zip)),
                         [](const auto& row) { return std::string(row.param.first); });

struct RefusalCase {
  const char* name;
  void (*make)(TestArchive&);
  const char* says;
};

class Refused : public testing::TestWithParam<RefusalCase> {};

TEST_P(Refused, Whole) {
  TestArchive made;
  GetParam().make(made);
  const auto read = read_archive(as_bytes(made.bytes()), kSmall, is_rules);
  ASSERT_FALSE(read);
  EXPECT_NE(read.error().message.find(GetParam().says), std::string::npos) << read.error().message;
}

INSTANTIATE_TEST_SUITE_P(
    Archive, Refused,
    testing::Values(
        RefusalCase{"Traversal", [](TestArchive& a) { a.file("../../etc/x.rules", "x"); }, "leads out"},
        RefusalCase{"TraversalOfAnUnwantedOne", [](TestArchive& a) { a.file("../x", "x"); }, "leads out"},
        RefusalCase{"TraversalOfALink", [](TestArchive& a) { a.symlink("../x", "y"); }, "leads out"},
        RefusalCase{"Absolute", [](TestArchive& a) { a.file("/etc/x.rules", "x"); }, "absolute"},
        RefusalCase{"LargeMember", [](TestArchive& a) { a.file("a.rules", std::string(41, 'a')); },
                    "larger than 40"},
        RefusalCase{
            "LargeAltogether",
            [](TestArchive& a) { a.file("a.rules", std::string(40, 'a')).file("b", std::string(61, 'b')); },
            "larger than 100"},
        RefusalCase{"LargeUnwanted", [](TestArchive& a) { a.file("b", std::string(101, 'b')); },
                    "larger than 100"},
        RefusalCase{"ManyMembers",
                    [](TestArchive& a) { a.file("a", "").file("b", "").folder("c").symlink("d", "a"); },
                    "more than 3"}),
    by_name);

TEST(Archive, AtItsLimitsIsRead) {
  TestArchive made;
  made.file("a.rules", std::string(40, 'a'))
      .file("b.rules", std::string(40, 'b'))
      .file("c", std::string(20, 'c'));
  const auto read = read_archive(as_bytes(made.bytes()), kSmall, is_rules);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->members.size(), 2U);
}

TEST(Archive, WhatIsNoFileIsLeftOutAndTold) {
  TestArchive made;
  made.symlink("s.rules", "/etc/passwd")
      .file("a.rules", "a")
      .hardlink("h.rules", "a.rules")
      .device("d.rules");
  const auto read = read_archive(as_bytes(made.bytes()), Limits{}, is_rules);
  ASSERT_TRUE(read) << read.error().message;
  ASSERT_EQ(read->members.size(), 1U);
  EXPECT_EQ(read->ignored, (std::vector<std::string>{"s.rules: a symbolic link", "h.rules: a hard link",
                                                     "d.rules: no file"}));
}

TEST(Archive, OfTwoWithOnePathTheLaterStays) {
  TestArchive made;
  made.file("a.rules", "old").file("b.rules", "b").file("./a.rules", "new");
  const auto read = read_archive(as_bytes(made.bytes()), Limits{}, is_rules);
  ASSERT_TRUE(read);
  ASSERT_EQ(read->members.size(), 2U);
  EXPECT_EQ(read->members[0].bytes, "new");
  EXPECT_EQ(read->ignored.size(), 1U);
}

TEST(Archive, NoArchiveIsRefused) {
  for (const std::string_view bytes : {"", "PK", "alert tcp any any -> any any (sid:1;)", "\x1f\x8b\x08"})
    EXPECT_FALSE(read_archive(as_bytes(bytes), Limits{}, is_any)) << bytes;
}

TEST(Folder, IsReadWithWhatIsBelow) {
  const TemporaryFolder folder;
  std::filesystem::create_directories(folder / "rules/more");
  put_file(folder / "rules/b.rules", "b");
  put_file(folder / "rules/more/c.rules", "c");
  put_file(folder / "big.pcap", std::string(200, 'x'));
  const auto read = read_folder(folder.path() + "/", kSmall, is_rules);
  ASSERT_FALSE(read);  // five entries
  std::filesystem::remove(folder / "big.pcap");
  const auto roomy = read_folder(folder.path() + "/", Limits{.max_members = 4}, is_rules);
  ASSERT_TRUE(roomy) << roomy.error().message;
  ASSERT_EQ(roomy->members.size(), 2U);
  EXPECT_EQ(roomy->members[0].path, "rules/b.rules");
  EXPECT_EQ(roomy->members[1].path, "rules/more/c.rules");
  EXPECT_GT(roomy->members[1].modified, 0);
}

TEST(Folder, LinksAreNotFollowed) {
  const TemporaryFolder folder;
  const TemporaryFolder elsewhere;
  put_file(elsewhere / "x.rules", "x");
  std::filesystem::create_symlink(elsewhere / "x.rules", folder / "x.rules");
  std::filesystem::create_directory_symlink(elsewhere.path(), folder / "more");
  const auto read = read_folder(folder.path(), Limits{}, is_rules);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_TRUE(read->members.empty());
  EXPECT_EQ(read->ignored.size(), 2U);
}

TEST(Folder, LargeMembersAndMissingFoldersAreRefused) {
  const TemporaryFolder folder;
  put_file(folder / "a.rules", std::string(41, 'a'));
  EXPECT_FALSE(read_folder(folder.path(), kSmall, is_rules));
  EXPECT_FALSE(read_folder(folder / "none", kSmall, is_rules));
  EXPECT_FALSE(read_folder(folder / "a.rules", kSmall, is_rules));
}

}  // namespace
}  // namespace bansoko::archive
