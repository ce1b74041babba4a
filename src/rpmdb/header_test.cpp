// SPDX-License-Identifier: Apache-2.0
#include "rpmdb/header.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "rpmdb/test_database.h"

namespace bansoko::rpmdb {
namespace {

std::string cut_by(std::string text, std::size_t size) {
  text.resize(text.size() - size);
  return text;
}

std::string changed(std::string text, std::size_t at, const std::string& bytes) {
  return text.replace(at, bytes.size(), bytes);
}

TEST(RpmHeader, IsReadWithWhatReplacesTheSigned) {
  const auto header = read_header(as_bytes(header_blob({{.tag = 1000, .bytes = "old"},
                                                        {.tag = 1001, .bytes = "1"},
                                                        {.tag = 1002, .bytes = "2"},
                                                        {.tag = 1000, .bytes = "new"}})));
  ASSERT_TRUE(header) << header.error().message;
  EXPECT_EQ(header->name, "new");
  EXPECT_FALSE(header->epoch);
  const auto file = read_header(as_bytes(std::string("\x8e\xad\xe8\x01\0\0\0\0", 8) + package_blob("bash")));
  EXPECT_EQ(file->name, "bash");
  EXPECT_EQ(file->epoch, 3u);
  EXPECT_EQ(file->vendor, "CentOS");
}

struct BadHeader {
  const char* name = "";
  std::string blob = {};
  std::string why = {};
};

class RpmHeaderRefusal : public testing::TestWithParam<BadHeader> {};

TEST_P(RpmHeaderRefusal, SaysWhy) {
  const auto header = read_header(as_bytes(GetParam().blob));
  ASSERT_FALSE(header);
  EXPECT_EQ(header.error().message, GetParam().why);
}

INSTANTIATE_TEST_SUITE_P(
    Blobs, RpmHeaderRefusal,
    testing::Values(BadHeader{"Empty", "", "a package's header says 0 entries and 0 bytes"},
                    BadHeader{"TooManyEntries", number(0x10000, 4, true) + number(0, 4, true),
                              "a package's header says 65536 entries and 0 bytes"},
                    BadHeader{"Cut", cut_by(package_blob("bash"), 1),
                              "a package's header of 9 entries and " +
                                  std::to_string(package_blob("bash").size() - 8 - 9 * 16) +
                                  " bytes is cut at " + std::to_string(package_blob("bash").size() - 1) +
                                  " bytes"},
                    BadHeader{"OffsetBeyond",
                              changed(header_blob({{.tag = 1000, .bytes = "a"}}), 16, number(99, 4, true)),
                              "tag 1000 of a package's header points 99 bytes into 2"},
                    BadHeader{"NoEndOfString", changed(header_blob({{.tag = 1000, .bytes = "ab"}}), 26, "c"),
                              "the string of tag 1000 of a package's header has no end"},
                    BadHeader{"WrongType", header_blob({{.tag = 1000, .type = 4, .bytes = "abcd"}}),
                              "tag 1000 of a package's header is no string"},
                    BadHeader{"EpochCut", header_blob({{.tag = 1003, .type = 4, .bytes = "ab"}}),
                              "the epoch in a package's header is no number"},
                    BadHeader{"NoName", header_blob({{.tag = 1001, .bytes = "1"}}),
                              "a package's header has no name, version or release"}),
    [](const auto& row) { return row.param.name; });

struct FilesCase {
  const char* name = "";
  std::string blob = {};
  std::string files = {};  // or why there are none
};

class RpmFiles : public testing::TestWithParam<FilesCase> {};

TEST_P(RpmFiles, AreGivenOrRefused) {
  std::string files;
  const auto done = read_files(as_bytes(GetParam().blob), [&](const FileRecord& file) {
    files += fmt::format("{}{} {:o} {}:{}{}{}; ", file.folder, file.name, file.mode, file.algorithm,
                         file.digest, file.config ? " config" : "", file.ghost ? " ghost" : "");
  });
  EXPECT_EQ(done ? files : done.error().message, GetParam().files);
}

const std::vector<TestTag> kNames{{.tag = 1117, .type = 8, .bytes = join_texts({"a", "b"}), .count = 2},
                                  {.tag = 1118, .type = 8, .bytes = join_texts({"/x/"})}};

std::string with(const TestTag& tag) {
  std::vector<TestTag> tags = kNames;
  tags.push_back(tag);
  return header_blob(tags);
}

INSTANTIATE_TEST_SUITE_P(
    Headers, RpmFiles,
    testing::Values(
        FilesCase{"Two",
                  files_blob("bash", {{"/usr/bin/", "bash", "00ff"}, {"/etc/", "bashrc", "", 0100644, 65}}),
                  "/usr/bin/bash 100755 8:00ff; /etc/bashrc 100644 8: config ghost; "},
        FilesCase{"NoFiles", package_blob("bash"), ""},
        FilesCase{"OnlyPlaces", with({.tag = 1116, .type = 4, .bytes = std::string(8, '\0'), .count = 2}),
                  "/x/a 0 1:; /x/b 0 1:; "},
        FilesCase{"NoPlaces", header_blob(kNames),
                  "a package's header has 2 files, 0 folders of files, 0 modes, 0 digests"},
        FilesCase{
            "PlaceOutOfTheFolders",
            with({.tag = 1116, .type = 4, .bytes = number(0, 4, true) + number(1, 4, true), .count = 2}),
            "a package's header has a file in a folder that it does not name"},
        FilesCase{"PlacesCut", with({.tag = 1116, .type = 4, .bytes = std::string(7, '\0'), .count = 2}),
                  "a package's header has 2 files, 0 folders of files, 0 modes, 0 digests"},
        FilesCase{"CountBeyondTheData",
                  header_blob({{.tag = 1117, .type = 8, .bytes = "a", .count = 0xffffffff}}),
                  "tag 1117 of a package's header is no list of 4294967295 texts"},
        FilesCase{"TextsCut",
                  header_blob({{.tag = 1117, .type = 8, .bytes = std::string("a\0b", 3), .count = 2}}),
                  "tag 1117 of a package's header has 1 of 2 texts"}),
    [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace bansoko::rpmdb
