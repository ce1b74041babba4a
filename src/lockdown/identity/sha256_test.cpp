// SPDX-License-Identifier: Apache-2.0
#include "lockdown/identity/sha256.h"

#include <string>

#include <fcntl.h>
#include <gtest/gtest.h>

#include "base/file.h"
#include "base/unique_fd.h"
#include "tests/temporary_folder.h"

namespace bansoko::identity {
namespace {

TEST(Sha256Of, KnownContents) {
  const TemporaryFolder folder;
  const std::string path = folder.path() + "/abc";
  ASSERT_TRUE(write_file_atomic(path, "abc", 0600));
  const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  const auto digest = digest_of(file.get());
  ASSERT_TRUE(digest);
  EXPECT_EQ(to_text(*digest), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256_from(to_text(*digest)), *digest);
}

TEST(Sha256Of, LargerThanOnePiece) {
  const TemporaryFolder folder;
  const std::string path = folder.path() + "/a";
  ASSERT_TRUE(write_file_atomic(path, std::string(1'000'000, 'a'), 0600));
  const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  EXPECT_EQ(to_text(*digest_of(file.get())),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256Of, StopsWhenAsked) {
  const TemporaryFolder folder;
  const std::string path = folder.path() + "/a";
  ASSERT_TRUE(write_file_atomic(path, "a", 0600));
  const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  std::stop_source stop;
  stop.request_stop();
  const auto digest = digest_of(file.get(), stop.get_token());
  ASSERT_FALSE(digest);
  EXPECT_EQ(digest.error().code, Errc::limit);
}

TEST(Sha256Text, RefusesAllElse) {
  EXPECT_FALSE(sha256_from(""));
  EXPECT_FALSE(sha256_from(std::string(63, 'a')));
  EXPECT_FALSE(sha256_from(std::string(64, 'A')));
  EXPECT_FALSE(sha256_from(std::string(64, 'g')));
}

}  // namespace
}  // namespace bansoko::identity
