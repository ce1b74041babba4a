// SPDX-License-Identifier: Apache-2.0
#include "base/file_lock.h"

#include <chrono>
#include <optional>

#include <gtest/gtest.h>

#include "tests/temporary_folder.h"

namespace bansoko {
namespace {

using namespace std::chrono_literals;

TEST(FileLock, OneAtATime) {
  const TemporaryFolder folder;
  std::optional<FileLock> first;
  {
    auto taken = FileLock::take(folder / "lock", 0ms);
    ASSERT_TRUE(taken) << taken.error().message;
    first.emplace(std::move(*taken));
  }
  const auto second = FileLock::take(folder / "lock", 20ms);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Errc::denied);
  first.reset();
  EXPECT_TRUE(FileLock::take(folder / "lock", 0ms));
}

TEST(FileLock, NowhereToPutIt) {
  const TemporaryFolder folder;
  EXPECT_EQ(FileLock::take(folder / "none/lock", 0ms).error().code, Errc::not_found);
}

}  // namespace
}  // namespace bansoko
