// SPDX-License-Identifier: Apache-2.0
#include "lockdown/engine/mounts.h"

#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "lockdown/engine/test_guard.h"
#include "tests/cases.h"

namespace bansoko::lockdown {
namespace {

struct Case {
  std::string_view name;
  std::string_view line;
  std::vector<Mount> want;
};

class ParseMounts : public testing::TestWithParam<Case> {};

TEST_P(ParseMounts, OneLine) { EXPECT_EQ(parse_mounts(GetParam().line), GetParam().want); }

INSTANTIATE_TEST_SUITE_P(
    Lines, ParseMounts,
    testing::Values(
        Case{"Root", "22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw\n", {{22, "8:1", "/", "ext4"}}},
        Case{"NoOptionalFields", "23 22 0:5 / /proc rw - proc proc rw", {{23, "0:5", "/proc", "proc"}}},
        Case{"SeveralOptionalFields",
             "24 22 8:2 / /srv rw shared:2 master:1 - xfs /dev/sdb rw\n",
             {{24, "8:2", "/srv", "xfs"}}},
        Case{"EscapedName",
             "25 22 8:3 / /mnt/my\\040stick\\134 rw - vfat /dev/sdc rw\n",
             {{25, "8:3", "/mnt/my stick\\", "vfat"}}},
        Case{"CutEscape",
             "25 22 8:3 / /mnt/x\\04 rw - vfat /dev/sdc rw\n",
             {{25, "8:3", "/mnt/x\\04", "vfat"}}},
        Case{"NoDash", "26 22 8:4 / /x rw ext4 /dev/sdd rw\n", {}}, Case{"Short", "27 22 8:4\n", {}},
        Case{"NoNumber", "x 22 8:4 / /x rw - ext4 y rw\n", {}}, Case{"Empty", "", {}},
        Case{"TwoLines",
             "1 0 8:1 / / rw - ext4 a rw\n2 1 0:9 / /tmp rw - tmpfs t rw\n",
             {{1, "8:1", "/", "ext4"}, {2, "0:9", "/tmp", "tmpfs"}}}),
    by_name);

TEST(Mounts, WatchesThePathsOfTheSettingsAndNoOther) {
  const WatchSettings settings{.paths = {"/srv", "/opt"}};
  TestGuard guard;
  Mounts mounts(settings, guard);
  ASSERT_TRUE(mounts.watch_all());
  EXPECT_EQ(guard.watched, (std::vector<std::string>{"/srv", "/opt"}));
  EXPECT_EQ(mounts.paths(), guard.watched);
}

TEST(Mounts, APathThatCannotBeWatchedIsAnError) {
  const WatchSettings settings{.paths = {"/srv"}};
  TestGuard guard;
  guard.refuses_to_watch = "no such thing";
  Mounts mounts(settings, guard);
  const auto done = mounts.watch_all();
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().message, "no such thing");
}

TEST(Mounts, FilesystemsThatCannotBeWatchedAreNamed) {
  const WatchSettings settings;
  TestGuard guard;
  guard.refuses_to_watch = "no such thing";
  Mounts mounts(settings, guard);
  ASSERT_TRUE(mounts.watch_all());
  EXPECT_FALSE(mounts.unwatched().empty());
  EXPECT_EQ(mounts.watched(), 0U);
  guard.refuses_to_watch.clear();
  ASSERT_TRUE(mounts.watch_all());
  EXPECT_TRUE(mounts.unwatched().empty());
}

}  // namespace
}  // namespace bansoko::lockdown
