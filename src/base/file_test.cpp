// SPDX-License-Identifier: Apache-2.0
#include "base/file.h"

#include <filesystem>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "base/unique_fd.h"
#include "tests/cases.h"
#include "tests/temporary_folder.h"

namespace bansoko {
namespace {

struct ReadCase {
  std::string_view name;
  std::size_t size;
  std::size_t max;
  bool accepted;
};

class ReadFile : public testing::TestWithParam<ReadCase> {};

TEST_P(ReadFile, UpToTheLimit) {
  const TemporaryFolder folder;
  const std::string text(GetParam().size, 'x');
  put_file(folder / "file", text);
  const auto got = read_file(folder / "file", GetParam().max);
  ASSERT_EQ(got.has_value(), GetParam().accepted);
  EXPECT_EQ(got.value_or(text), text);
}

INSTANTIATE_TEST_SUITE_P(File, ReadFile,
                         testing::Values(ReadCase{"Empty", 0, 10, true},
                                         ReadCase{"EmptyOfNothing", 0, 0, true}, ReadCase{"One", 1, 10, true},
                                         ReadCase{"Limit", 10, 10, true},
                                         ReadCase{"LimitPlusOne", 11, 10, false},
                                         ReadCase{"SeveralReads", 200000, 1 << 20, true},
                                         ReadCase{"SeveralReadsTooLarge", 200000, 199999, false}),
                         by_name);

TEST(File, ReadingRefusesWhatIsNoFile) {
  const TemporaryFolder folder;
  EXPECT_EQ(read_file(folder / "absent", 10).error().code, Errc::not_found);
  EXPECT_EQ(read_file(folder.path(), 10).error().code, Errc::invalid);
  EXPECT_EQ(read_file("/dev/zero", 10).error().code, Errc::invalid);
  ASSERT_EQ(::mkfifo((folder / "pipe").c_str(), 0600), 0);
  EXPECT_EQ(read_file(folder / "pipe", 10).error().code, Errc::invalid);
  EXPECT_EQ(read_file(folder / "absent", 10).error().message,
            "cannot open " + folder / "absent" + ": No such file or directory");
}

TEST(File, AtomicWriteReplacesAndSetsRights) {
  const TemporaryFolder folder;
  const std::string path = folder / "file";
  put_file(path, "old and longer");
  ASSERT_TRUE(write_file_atomic(path, "new", 0640));
  EXPECT_EQ(contents_of(path), "new");
  struct stat status {};
  ASSERT_EQ(::stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777U, 0640U);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 1);
}

TEST(File, AtomicWriteLeavesNothingBehindWhenItFails) {
  const TemporaryFolder folder;
  std::filesystem::create_directories(folder / "taken/inside");
  EXPECT_FALSE(write_file_atomic(folder / "taken", "x", 0600));
  EXPECT_FALSE(write_file_atomic(folder / "absent/file", "x", 0600));
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 1);
}

TEST(File, AFullDiskIsAnErrorThatSaysSo) {
  const UniqueFd full(::open("/dev/full", O_WRONLY | O_CLOEXEC));
  const auto outcome = write_all(full.get(), "x", "/dev/full");
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, Errc::limit);
  EXPECT_EQ(outcome.error().message, "cannot write /dev/full: No space left on device");
}

TEST(File, AFolderIsMadeOnceWithItsRights) {
  const TemporaryFolder folder;
  ASSERT_TRUE(make_folder(folder / "a/b", 0700));
  ASSERT_TRUE(make_folder(folder / "a/b", 0755));
  struct stat status {};
  ASSERT_EQ(::stat((folder / "a/b").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777U, 0700U);
  put_file(folder / "file", "");
  EXPECT_FALSE(make_folder(folder / "file", 0700));
}

TEST(File, GlobIsSortedAndAPlainNameStandsForItself) {
  const TemporaryFolder folder;
  for (const std::string_view name : {"b.rules", "a.rules", "c.txt"}) put_file(folder / name, "");
  EXPECT_EQ(*expand_glob(folder / "*.rules"), (std::vector{folder / "a.rules", folder / "b.rules"}));
  EXPECT_EQ(*expand_glob(folder / "[d-f]*"), std::vector<std::string>{});
  EXPECT_EQ(*expand_glob(folder / "absent"), std::vector{folder / "absent"});
}

}  // namespace
}  // namespace bansoko
