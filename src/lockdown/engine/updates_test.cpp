// SPDX-License-Identifier: Apache-2.0
#include "lockdown/engine/updates.h"

#include <filesystem>
#include <memory>
#include <string>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "base/file.h"
#include "lockdown/engine/registrar.h"
#include "lockdown/engine/test_guard.h"
#include "tests/temporary_folder.h"

namespace bansoko::lockdown {
namespace {

using namespace std::string_literals;

class UpdateOf : public testing::Test {
 protected:
  /// A file that the updater has written; the name it has at last.
  identity::FileKey write(const std::string& name, const std::string& text, const std::string& last_name) {
    const std::string path = folder_.path() + "/" + name;
    EXPECT_TRUE(write_file_atomic(path, text, 0755));
    const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    const auto key = identity::state_of(file.get())->key;
    updates_.wrote(file.get(), key, path);
    std::filesystem::rename(path, folder_.path() + "/" + last_name);
    return key;
  }

  TemporaryFolder folder_;
  std::unique_ptr<Stranger> updater_ = std::make_unique<Stranger>();
  Updates updates_{3};
};

TEST_F(UpdateOf, LastsAsLongAsItsProcess) {
  EXPECT_FALSE(updates_.is_under_way());
  updates_.begin(updater_->id(), "/usr/bin/dpkg");
  EXPECT_TRUE(updates_.is_under_way());
  EXPECT_FALSE(updates_.finished());
  updater_.reset();
  const auto finished = updates_.finished();
  ASSERT_TRUE(finished);
  EXPECT_EQ(finished->programs, std::vector<std::string>{"/usr/bin/dpkg"});
  updates_.settle(*finished);
  EXPECT_FALSE(updates_.is_under_way());
}

TEST_F(UpdateOf, BelongsToRootAlone) {
  updates_.begin(updater_->id(), "/usr/bin/dpkg");
  EXPECT_EQ(updates_.belongs(updater_->id()), ::geteuid() == 0);
  EXPECT_FALSE(updates_.belongs(::getpid()));
}

TEST_F(UpdateOf, FilesAreTheirsUntilOthersWrite) {
  updates_.begin(updater_->id(), "/usr/bin/dpkg");
  const auto key = write("a", "x", "a");
  EXPECT_TRUE(updates_.is_theirs(key));
  updates_.distrust(key);
  EXPECT_FALSE(updates_.is_theirs(key));
}

TEST_F(UpdateOf, WhatALaterOneBringsUnderTheSameNumberIsNotSettledWithIt) {
  updates_.begin(updater_->id(), "/usr/bin/dpkg");
  const auto key = write("a", "x", "a");
  updater_.reset();
  const auto first = updates_.finished();
  const UniqueFd file(::open((folder_.path() + "/a").c_str(), O_RDONLY | O_CLOEXEC));
  updates_.wrote(file.get(), key, folder_.path() + "/another");
  updates_.settle(*first);
  EXPECT_TRUE(updates_.is_theirs(key));
  EXPECT_TRUE(updates_.is_under_way());
}

TEST_F(UpdateOf, BeyondTheLimitFilesAreCounted) {
  updates_.begin(updater_->id(), "/usr/bin/dpkg");
  for (const char* const name : {"a", "b", "c", "d", "e"}) write(name, "x", name);
  updater_.reset();
  const auto finished = updates_.finished();
  ASSERT_TRUE(finished);
  EXPECT_EQ(finished->files.size(), 3U);
  EXPECT_EQ(finished->left_out, 2U);
}

TEST_F(UpdateOf, CodeComesOnTheListUnderItsLastName) {
  updates_.begin(updater_->id(), "/usr/bin/dpkg");
  write("tool.dpkg-new", "#!/bin/sh\n", "tool");
  write("gone", "#!/bin/sh\n", "gone");
  std::filesystem::remove(folder_.path() + "/gone");
  updater_.reset();
  auto store = approved::Store::open(folder_.path() + "/state");
  ASSERT_TRUE(store);
  const auto brought = register_update(*store, *updates_.finished(), {folder_.path()});
  if (!brought || brought->unread != 0) GTEST_SKIP() << "open_by_handle_at needs CAP_DAC_READ_SEARCH";
  EXPECT_EQ(brought->code, 1U);
  EXPECT_EQ(brought->gone, 1U);
  std::vector<std::string> damaged;
  const auto list = store->load(damaged);
  ASSERT_TRUE(list);
  ASSERT_EQ((*list)->size(), 1U);
  EXPECT_EQ((*list)->at(0).path, folder_.path() + "/tool");
  EXPECT_EQ((*list)->at(0).origin, approved::Origin::updater);
  EXPECT_EQ((*list)->head().reason, "updater /usr/bin/dpkg");
}

TEST_F(UpdateOf, WithoutCodeThereIsNoNewGeneration) {
  updates_.begin(updater_->id(), "/usr/bin/dpkg");
  const std::string path = folder_.path() + "/notes";
  ASSERT_TRUE(write_file_atomic(path, "text", 0644));
  const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  updates_.wrote(file.get(), identity::state_of(file.get())->key, path);
  updater_.reset();
  auto store = approved::Store::open(folder_.path() + "/state");
  ASSERT_TRUE(store);
  ASSERT_TRUE(register_update(*store, *updates_.finished(), {folder_.path()}));
  EXPECT_TRUE(store->generations()->empty());
}

}  // namespace
}  // namespace bansoko::lockdown
