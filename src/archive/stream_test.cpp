// SPDX-License-Identifier: Apache-2.0
#include "archive/stream.h"

#include <filesystem>

#include <sys/stat.h>

#include <gtest/gtest.h>

#include "archive/test_archive.h"
#include "tests/cases.h"
#include "tests/temporary_folder.h"

namespace bansoko::archive {
namespace {

using Form = TestArchive::Form;
using PackWith = int (*)(struct ::archive*);

/// `bytes` packed by libarchive's filter.
std::string packed(PackWith filter, std::string_view bytes) {
  std::string made(bytes.size() + 4096, '\0');
  std::size_t used = 0;
  auto* const handle = ::archive_write_new();
  filter(handle);
  ::archive_write_set_format_raw(handle);
  ::archive_write_set_bytes_per_block(handle, 0);
  ::archive_write_open_memory(handle, made.data(), made.size(), &used);
  auto* const entry = ::archive_entry_new();
  ::archive_entry_set_filetype(entry, AE_IFREG);
  ::archive_write_header(handle, entry);
  ::archive_write_data(handle, bytes.data(), bytes.size());
  ::archive_entry_free(entry);
  ::archive_write_close(handle);
  ::archive_write_free(handle);
  made.resize(used);
  return made;
}

/// What a file gives: "name=bytes;..." or the error behind what came before it.
std::string unpacked(const std::string& file_name, std::string_view bytes, std::size_t piece,
                     const StreamLimits& limits = {}) {
  const TemporaryFolder folder;
  put_file(folder / file_name, bytes);
  auto stream = FileStream::open(folder / file_name, limits);
  if (!stream) return stream.error().message;
  std::string all, buffer(piece, '\0');
  for (;;) {
    const auto member = stream->next();
    if (!member) return all + member.error().message;
    if (!*member) return all;
    all += (*member)->name + "=";
    for (std::size_t got = 1; got != 0;) {
      const auto read = stream->read(buffer);
      if (!read) return all + read.error().message;
      got = *read;
      all.append(buffer, 0, got);
    }
    all += ";";
  }
}

std::string numbers() {
  std::string text;
  for (int i = 0; i < 100'000; ++i) text += std::to_string(i) + ",";
  return text;
}

std::string two_files(Form form) {
  TestArchive made(form);
  if (form != Form::zip) made.hardlink("d/hard", "d/a.json");
  made.folder("d").file("d/a.json", "[1]").symlink("d/link", "a.json").file("b", "");
  return made.bytes();
}

std::string bytes_changed(std::string bytes, std::size_t from_end) {
  bytes[bytes.size() - from_end] = static_cast<char>(bytes[bytes.size() - from_end] ^ 1);
  return bytes;
}

struct Case {
  const char* name;
  std::string file_name, bytes, gives;
};

class Streams : public testing::TestWithParam<Case> {};

TEST_P(Streams, AreUnpacked) {
  for (const std::size_t piece : {std::size_t{1}, std::size_t{999}, std::size_t{1} << 20U})
    EXPECT_EQ(unpacked(GetParam().file_name, GetParam().bytes, piece), GetParam().gives) << piece;
}

const std::string kGzip = packed(::archive_write_add_filter_gzip, "hello");
const std::string kBzip2 = packed(::archive_write_add_filter_bzip2, "hello");
const std::string kXz = packed(::archive_write_add_filter_xz, "hello");

INSTANTIATE_TEST_SUITE_P(
    Archive, Streams,
    testing::Values(Case{"Plain", "a.json", "[1]", "a.json=[1];"}, Case{"Empty", "a.json", "", ""},
                    Case{"Gzip", "a.csv.gz", kGzip, "a.csv=hello;"},
                    Case{"GzipTwice", "a.csv.gz", kGzip + kGzip, "a.csv=hellohello;"},
                    Case{"GzipPadded", "a.csv.gz", kGzip + std::string(600, '\0'), "a.csv=hello;"},
                    Case{"Bzip2", "a.csv.bz2", kBzip2, "a.csv=hello;"},
                    Case{"Xz", "a.csv.xz", kXz, "a.csv=hello;"},
                    Case{"PackedWithoutSaying", "a", kXz, "a=hello;"},
                    Case{"Zip", "a.zip", two_files(Form::zip), "d/a.json=[1];b=;"},
                    Case{"Tar", "a.tar", two_files(Form::tar), "d/a.json=[1];b=;"},
                    Case{"TarGz", "a.tar.gz", two_files(Form::tar_gz), "d/a.json=[1];b=;"},
                    Case{"GzipCut", "a.gz", kGzip.substr(0, kGzip.size() - 9),
                         "its compressed data is cut short"},
                    Case{"GzipChecksum", "a.gz", bytes_changed(kGzip, 8), "its compressed data is damaged"},
                    Case{"GzipHeaderAlone", "a.gz", kGzip.substr(0, 10), "its compressed data is cut short"}),
    by_name);

TEST(Streams, WhatIsCutOrDamagedIsRefused) {
  const std::string zip = TestArchive(Form::zip).file("a", numbers()).bytes();
  const std::vector<std::string> refused{kBzip2.substr(0, kBzip2.size() - 5), kXz.substr(0, kXz.size() / 2),
                                         bytes_changed(kBzip2, 12), zip.substr(0, zip.size() / 2),
                                         bytes_changed(zip, zip.size() / 2)};
  for (const std::string& bytes : refused) {
    const std::string gives = unpacked("a", bytes, 4096);
    EXPECT_NE(gives.find("it cannot be unpacked: "), std::string::npos) << gives.substr(0, 200);
  }
}

TEST(Streams, ManyGzipMembersAcrossBuffers) {
  std::string bytes, text;
  for (int i = 0; i < 20'000; ++i) {
    bytes += kGzip;
    text += "hello";
  }
  EXPECT_EQ(unpacked("a.gz", bytes, 4096), "a=" + text + ";");
}

TEST(Streams, LimitsEndThem) {
  const std::string text = numbers();
  const std::string gzip = packed(::archive_write_add_filter_gzip, text);
  const std::string zip = TestArchive(Form::zip).file("a", text).file("b", text).bytes();
  const auto ends = [](const std::string& gives) { return gives.substr(gives.find_last_of(",;=") + 1); };
  EXPECT_EQ(ends(unpacked("a.gz", gzip, 100, {.max_member_bytes = text.size()})), "");
  EXPECT_EQ(unpacked("a.gz", gzip, 1, {.max_member_bytes = 3}),
            "a=0,1it is larger than 3 bytes when unpacked");
  EXPECT_EQ(ends(unpacked("a.zip", zip, 100, {.max_bytes = text.size() * 2})), "");
  EXPECT_EQ(ends(unpacked("a.zip", zip, 100'000, {.max_bytes = text.size() * 2 - 1})),
            "all in it is larger than 1177779 bytes when unpacked");
  EXPECT_EQ(ends(unpacked("a.zip", zip, 100, {.max_members = 2})), "");
  EXPECT_EQ(ends(unpacked("a.zip", zip, 100, {.max_members = 1})), "it has more than 1 members");
}

TEST(Streams, BombsAreToldByTheirRatio) {
  const std::string blanks(std::size_t{20} << 20U, ' '), more_blanks(std::size_t{100} << 20U, ' ');
  const StreamLimits strict{.max_ratio = 100, .free_bytes = 1U << 20U};
  const auto is_bomb = [](const std::string& bytes, const StreamLimits& limits) {
    return unpacked("a", bytes, 1U << 20U, limits).ends_with("times its size: taken for a bomb");
  };
  EXPECT_TRUE(is_bomb(packed(::archive_write_add_filter_gzip, blanks), strict));
  EXPECT_TRUE(is_bomb(packed(::archive_write_add_filter_bzip2, blanks), strict));
  EXPECT_TRUE(is_bomb(packed(::archive_write_add_filter_xz, blanks), strict));
  EXPECT_TRUE(is_bomb(TestArchive(Form::zip).file("a", blanks).bytes(), strict));
  EXPECT_FALSE(is_bomb(TestArchive(Form::zip).file("a", blanks).bytes(), {}));
  EXPECT_TRUE(is_bomb(TestArchive(Form::zip).file("a", more_blanks).bytes(), {}));
}

TEST(Streams, OnlyOfRegularFiles) {
  const TemporaryFolder folder;
  EXPECT_EQ(FileStream::open(folder.path(), {}).error().message, folder.path() + " is no regular file");
  EXPECT_EQ(FileStream::open(folder / "absent", {}).error().code, Errc::not_found);
  ASSERT_EQ(::mkfifo((folder / "pipe").c_str(), 0600), 0);
  EXPECT_EQ(FileStream::open(folder / "pipe", {}).error().message, folder / "pipe" + " is no regular file");
}

TEST(Streams, AreKnownByTheirDigest) {
  const TemporaryFolder folder;
  put_file(folder / "a", "abc");
  const auto identity = identify(folder / "a");
  ASSERT_TRUE(identity);
  EXPECT_EQ(identity->sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(identity->size, 3U);
}

}  // namespace
}  // namespace bansoko::archive
