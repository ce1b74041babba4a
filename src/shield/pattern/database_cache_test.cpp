// SPDX-License-Identifier: Apache-2.0
#include "shield/pattern/database_cache.h"

#include <filesystem>

#include <gtest/gtest.h>
#include <unistd.h>

#include "shield/pattern/literal_database.h"
#include "tests/cases.h"
#include "tests/temporary_folder.h"

namespace bansoko::pattern {
namespace {

namespace fs = std::filesystem;

std::vector<Literal> some(std::uint32_t first_id = 0) {
  return {{"alpha", false, first_id}, {"beta", true, first_id + 1}};
}

std::string found_in(const LiteralDatabase& database, std::string_view text) {
  Scratch scratch;
  EXPECT_TRUE(scratch.fit(database));
  std::string found;
  database.scan(
      as_bytes(text), scratch,
      [](void* context, std::uint32_t id) noexcept {
        *static_cast<std::string*>(context) += std::to_string(id);
      },
      &found);
  return found;
}

struct InFolder : testing::Test {
  Result<DatabaseCache> open(std::uint64_t max_size = 1 << 20) {
    return DatabaseCache::open({.folder = folder / "cache", .max_size = max_size});
  }
  std::string only_file() const {
    for (const auto& entry : fs::directory_iterator(folder / "cache")) return entry.path();
    return "";
  }

  TemporaryFolder folder;
};

using Cache = InFolder;

TEST_F(Cache, GivesBackWhatWasCompiled) {
  for (int start = 0; start < 2; ++start) {
    auto cache = open();
    ASSERT_TRUE(cache);
    const auto database = LiteralDatabase::compile(some(), &*cache);
    ASSERT_TRUE(database);
    EXPECT_EQ(found_in(*database, "an alpha, a BETA"), "01");
    EXPECT_EQ(database->longest(), 5U);
    EXPECT_EQ(cache->counters().kept, start == 0 ? 1U : 0U);
    EXPECT_EQ(cache->counters().found, start == 0 ? 0U : 1U);
  }
}

TEST_F(Cache, TellsOthersApart) {
  auto cache = open();
  ASSERT_TRUE(cache);
  auto cased = some();
  cased[1].nocase = false;
  auto joined = some();
  joined[0].bytes = "alphabeta";
  joined.pop_back();
  for (const auto& literals : {some(), some(7), cased, joined})
    ASSERT_TRUE(LiteralDatabase::compile(literals, &*cache));
  EXPECT_EQ(cache->counters().absent, 4U);
  EXPECT_EQ(cache->counters().found, 0U);
}

TEST_F(Cache, CompilesAnewWhatWasDamaged) {
  auto cache = open();
  ASSERT_TRUE(cache);
  ASSERT_TRUE(LiteralDatabase::compile(some(), &*cache));
  const std::string path = only_file();
  const std::string whole = contents_of(path);
  std::string altered = whole;
  altered[altered.size() / 2] = static_cast<char>(altered[altered.size() / 2] ^ 1);
  std::uint64_t damaged = 0;
  for (const std::string& content :
       {altered, whole.substr(0, whole.size() - 1), whole.substr(0, 32), std::string()}) {
    put_file(path, content);
    const auto database = LiteralDatabase::compile(some(), &*cache);
    ASSERT_TRUE(database);
    EXPECT_EQ(found_in(*database, "alpha"), "0");
    EXPECT_EQ(cache->counters().damaged, ++damaged);
    EXPECT_EQ(contents_of(path), whole);
    const auto faults = cache->take_faults();
    ASSERT_EQ(faults.size(), 1U);
    EXPECT_NE(faults.front().find(path + ": the file is damaged"), std::string::npos) << faults.front();
  }
}

TEST_F(Cache, ContentThatIsNoDatabaseIsCompiledAnew) {
  auto cache = open();
  ASSERT_TRUE(cache);
  ASSERT_TRUE(LiteralDatabase::compile(some(), &*cache));
  const std::string path = only_file();
  const std::string whole = contents_of(path);
  cache->keep(fs::path(path).stem(), as_bytes("a good digest, and nothing else"));
  ASSERT_TRUE(LiteralDatabase::compile(some(), &*cache));
  EXPECT_EQ(contents_of(path), whole);
}

TEST_F(Cache, RemovesWhatWasLongestNotUsed) {
  auto cache = open(3000);
  ASSERT_TRUE(cache);
  const std::string content(900, 'x');
  const auto age = [this](const std::string& name, int hours) {
    fs::last_write_time(folder / ("cache/" + name + ".db"),
                        fs::file_time_type::clock::now() - std::chrono::hours(hours));
  };
  for (const char* const name : {"a", "b", "c"}) cache->keep(name, as_bytes(content));
  age("a", 3);
  age("b", 2);
  age("c", 1);
  EXPECT_FALSE(cache->find("a").empty());  // so it is b that goes
  cache->keep("d", as_bytes(content));
  EXPECT_EQ(cache->counters().removed, 1U);
  EXPECT_TRUE(cache->find("b").empty());
  for (const char* const name : {"a", "c", "d"}) EXPECT_FALSE(cache->find(name).empty()) << name;
  cache->keep("huge", as_bytes(std::string(4000, 'x')));
  EXPECT_EQ(cache->counters().not_kept, 1U);
}

TEST_F(Cache, WhatWasLeftUnfinishedIsRemovedFirst) {
  auto cache = open(1000);
  ASSERT_TRUE(cache);
  const std::string unfinished = folder / "cache/a.1.new";
  put_file(unfinished, std::string(900, 'x'));
  fs::last_write_time(unfinished, fs::file_time_type::clock::now() - std::chrono::hours(1));
  auto again = open(1000);
  ASSERT_TRUE(again);
  again->keep("b", as_bytes(std::string(900, 'x')));
  EXPECT_EQ(again->counters().removed, 1U);
  EXPECT_FALSE(fs::exists(unfinished));
  EXPECT_FALSE(again->find("b").empty());
}

struct Size {
  std::string name;
  std::size_t content;
  std::uint64_t kept;
};

class CacheLimit : public InFolder, public testing::WithParamInterface<Size> {};

TEST_P(CacheLimit, OfOneFile) {
  auto cache = open(1000);
  ASSERT_TRUE(cache);
  cache->keep("name", as_bytes(std::string(GetParam().content, 'x')));
  EXPECT_EQ(cache->counters().kept, GetParam().kept);
  EXPECT_EQ(cache->counters().not_kept, 1 - GetParam().kept);
  EXPECT_EQ(cache->find("name").size(), GetParam().kept * GetParam().content);
}

// A digest takes 32 bytes.
INSTANTIATE_TEST_SUITE_P(Cache, CacheLimit,
                         testing::Values(Size{"One", 1, 1}, Size{"AtLimit", 968, 1}, Size{"OneMore", 969, 0}),
                         by_name);

TEST_F(Cache, RefusesFolderOfAnotherUser) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give a folder away";
  fs::create_directory(folder / "cache");
  ASSERT_EQ(::chown((folder / "cache").c_str(), 65534, 65534), 0);
  const auto cache = open();
  ASSERT_FALSE(cache);
  EXPECT_NE(cache.error().message.find("another user"), std::string::npos) << cache.error().message;
}

TEST_F(Cache, RefusesFolderThatOthersMayWriteTo) {
  fs::create_directory(folder / "cache");
  fs::permissions(folder / "cache", fs::perms::all);
  const auto cache = open();
  ASSERT_FALSE(cache);
  EXPECT_NE(cache.error().message.find("others than its owner"), std::string::npos) << cache.error().message;
}

TEST_F(Cache, FolderThatWentAwayCostsNothingElse) {
  auto cache = open();
  ASSERT_TRUE(cache);
  fs::remove_all(folder / "cache");
  for (std::uint32_t first_id = 0; first_id < 2; ++first_id) {
    const auto database = LiteralDatabase::compile(some(first_id), &*cache);
    ASSERT_TRUE(database);
    EXPECT_EQ(found_in(*database, "alpha"), std::to_string(first_id));
  }
  EXPECT_EQ(cache->counters().not_kept, 2U);
  EXPECT_EQ(cache->take_faults().size(), 1U);  // told once
}

}  // namespace
}  // namespace bansoko::pattern
