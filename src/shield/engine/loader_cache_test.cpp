// SPDX-License-Identifier: Apache-2.0
// Compiled patterns that outlive a loader.
#include <filesystem>

#include <gtest/gtest.h>

#include "shield/engine/loader.h"
#include "shield/keyword/keywords.h"
#include "tests/temporary_folder.h"

namespace bansoko::engine {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kRules =
    "alert tcp any any -> any 80 (content:\"alpha\"; sid:1;)\n"
    "alert udp any any -> any any (content:\"beta\"; nocase; sid:2;)\n";

class LoaderCache : public testing::Test {
 protected:
  LoaderCache() {
    put_file(folder_ / "test.rules", kRules);
    settings_.rule_files = {folder_ / "test.rules"};
    settings_.pattern_cache.folder = folder_ / "cache";
  }

  /// As a start would: with a loader of its own.
  LoadedRules start() {
    Loader loader(keyword::all_keywords(), {}, settings_.inspection.max_flowbits);
    cache_used_ = loader.use_cache(settings_.pattern_cache);
    auto loaded = loader.load(settings_);
    EXPECT_TRUE(loaded) << loaded.error().message;
    return loaded ? std::move(*loaded) : LoadedRules{};
  }

  std::vector<fs::path> files() const {
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(folder_ / "cache")) files.push_back(entry.path());
    return files;
  }

  TemporaryFolder folder_;
  ShieldSettings settings_;
  Result<> cache_used_;
};

TEST_F(LoaderCache, ASecondStartFindsAllAndWritesNothing) {
  const auto first = start();
  EXPECT_TRUE(cache_used_);
  const auto kept = files();
  ASSERT_FALSE(kept.empty());
  const auto old = fs::file_time_type::clock::now() - std::chrono::hours(1);
  for (const fs::path& file : kept) fs::permissions(file, fs::perms::owner_read);
  for (const fs::path& file : kept) fs::last_write_time(file, old);
  const auto second = start();
  EXPECT_EQ(second.rules, first.rules);
  EXPECT_EQ(second.set->counts().literals, first.set->counts().literals);
  EXPECT_EQ(second.set->counts().database_bytes, first.set->counts().database_bytes);
  EXPECT_TRUE(second.cache_faults.empty());
  EXPECT_EQ(files().size(), kept.size());
  // Each was used, and none was written anew.
  for (const fs::path& file : kept) EXPECT_GT(fs::last_write_time(file), old) << file;
  for (const fs::path& file : kept) EXPECT_EQ(fs::status(file).permissions(), fs::perms::owner_read) << file;
}

TEST_F(LoaderCache, DamagedFilesAreNamedAndMadeAnew) {
  start();
  for (const fs::path& file : files()) put_file(file, "damaged");
  const auto second = start();
  EXPECT_EQ(second.rules, 2U);
  EXPECT_EQ(second.cache_faults.size(), files().size());
  for (const fs::path& file : files()) EXPECT_NE(contents_of(file), "damaged") << file;
  EXPECT_TRUE(start().cache_faults.empty());
}

TEST_F(LoaderCache, WithoutAFolderAllIsCompiled) {
  put_file(folder_ / "cache", "a file stands where the folder should be");
  EXPECT_EQ(start().rules, 2U);
  EXPECT_FALSE(cache_used_);
  settings_.pattern_cache.folder.clear();
  EXPECT_EQ(start().rules, 2U);
  EXPECT_TRUE(cache_used_);
}

}  // namespace
}  // namespace bansoko::engine
