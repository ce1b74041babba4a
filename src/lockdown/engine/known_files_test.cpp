// SPDX-License-Identifier: Apache-2.0
#include "lockdown/engine/known_files.h"

#include <filesystem>
#include <string>

#include <gtest/gtest.h>

#include "base/file.h"
#include "lockdown/engine/gatekeeper.h"
#include "lockdown/engine/test_guard.h"
#include "tests/temporary_folder.h"

namespace bansoko::lockdown {
namespace {

using guard::Kept;

class Known : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(block_lease_signals());
    const UniqueFd probe = open(make("probe"));
    if (files_.lease(probe.get()) == Leased::unsupported) GTEST_SKIP() << "this filesystem has no leases";
    files_.abandon(probe.get());
  }

  std::string make(const std::string& name, const std::string& text = "text") {
    const std::string path = folder_.path() + "/" + name;
    EXPECT_TRUE(write_file_atomic(path, text, 0600));
    return path;
  }
  static UniqueFd open(const std::string& path) {
    return UniqueFd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  }
  static identity::FileKey key_of(const std::string& path) {
    return identity::state_of(open(path).get())->key;
  }

  /// Makes a file known, as code or as data. Its descriptor.
  int know(const std::string& path, bool is_code = true,
           std::optional<Kept> kept = Kept::opens_and_executes) {
    UniqueFd file = open(path);
    const int descriptor = file.get();
    EXPECT_EQ(files_.lease(descriptor), Leased::yes);
    Content content;
    if (is_code) content.digest = identity::Sha256{1};
    EXPECT_TRUE(files_.know(std::move(file), key_of(path), content, kept));
    return descriptor;
  }

  TemporaryFolder folder_;
  TestGuard guard_;
  KnownFiles files_{guard_, 3, lease_signal()};
};

TEST_F(Known, IsFoundAndKept) {
  const std::string path = make("a");
  EXPECT_FALSE(files_.find(key_of(path)));
  const int descriptor = know(path);
  EXPECT_EQ(files_.find(key_of(path))->digest, identity::Sha256{1});
  EXPECT_EQ(guard_.kept.at(descriptor), Kept::opens_and_executes);
  EXPECT_EQ(files_.counters().kept.value(), 1U);
}

TEST_F(Known, NoLeaseWhileSomebodyWrites) {
  const std::string path = make("a");
  const UniqueFd writer(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
  const UniqueFd file = open(path);
  EXPECT_EQ(files_.lease(file.get()), Leased::has_writer);
  EXPECT_EQ(files_.counters().refused.value(), 1U);
}

TEST_F(Known, AWriterWhileItIsReadMakesItUncertain) {
  const std::string path = make("a");
  UniqueFd file = open(path);
  ASSERT_EQ(files_.lease(file.get()), Leased::yes);
  EXPECT_TRUE(files_.give_up(file.get()));
  EXPECT_FALSE(files_.know(std::move(file), key_of(path), {}, Kept::opens));
  EXPECT_EQ(files_.size(), 0U);
}

TEST_F(Known, AWriterEndsIt) {
  const std::string path = make("a");
  const int descriptor = know(path);
  EXPECT_TRUE(files_.give_up(descriptor));
  EXPECT_FALSE(files_.find(key_of(path)));
  EXPECT_TRUE(guard_.kept.empty());
  EXPECT_FALSE(files_.give_up(descriptor));
  EXPECT_EQ(files_.counters().broken.value(), 1U);
}

TEST_F(Known, BeyondTheLimitDataGoesBeforeCode) {
  know(make("code1"));
  know(make("data"), false, Kept::opens);
  know(make("code2"));
  know(make("code3"));
  EXPECT_FALSE(files_.find(key_of(folder_.path() + "/data")));
  EXPECT_TRUE(files_.find(key_of(folder_.path() + "/code1")));
  know(make("code4"));
  EXPECT_FALSE(files_.find(key_of(folder_.path() + "/code1")));
  EXPECT_EQ(files_.counters().evicted.value(), 2U);
  EXPECT_EQ(files_.size(), 3U);
}

TEST_F(Known, AskedAgainAboutAllAndStillKnown) {
  const std::string path = make("a");
  know(path);
  ASSERT_TRUE(files_.ask_again());
  EXPECT_TRUE(guard_.kept.empty());
  files_.keep(key_of(path), Kept::opens);
  EXPECT_EQ(guard_.kept.size(), 1U);
}

TEST_F(Known, LostSignalsEndAll) {
  know(make("a"));
  know(make("b"));
  files_.give_up_all();
  EXPECT_EQ(files_.size(), 0U);
  EXPECT_TRUE(guard_.kept.empty());
}

TEST_F(Known, FilesWithoutANameAreSwept) {
  const std::string path = make("a");
  know(path);
  know(make("b"));
  std::filesystem::remove(path);
  for (int i = 0; i < 64; ++i) files_.sweep(64);
  EXPECT_EQ(files_.size(), 1U);
}

}  // namespace
}  // namespace bansoko::lockdown
