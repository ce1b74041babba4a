// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/file_sums.h"

#include <string>

#include <gtest/gtest.h>

#include "tests/allocations.h"
#include "tests/cases.h"

namespace bansoko::proto {
namespace {

constexpr WantedSums kAll{.size = true, .md5 = true, .sha1 = true, .sha256 = true};

std::string text_of(const std::optional<Bytes>& bytes) { return bytes ? hexadecimal(*bytes) : "-"; }

struct Case {
  std::string name;
  WantedSums wanted;
  std::string bytes;
  std::string size, md5, sha1;
  bool is_whole = true;
  std::uint64_t lost = 0;
  std::uint64_t most = 3;
  bool is_missing = false;
};

class FileSumsOf : public testing::TestWithParam<Case> {};

TEST_P(FileSumsOf, AreAsWanted) {
  const Case& row = GetParam();
  MemoryBudget budget(1 << 20);
  FileSums sums(budget);
  for (std::size_t cut = 0; cut <= row.bytes.size(); ++cut) {
    sums.reset();
    sums.begin(row.wanted, row.most);
    sums.add(as_bytes(row.bytes).first(cut));
    if (row.lost > 0) sums.skip(row.lost);
    sums.add(as_bytes(row.bytes).subspan(cut));
    sums.end(row.is_whole);
    EXPECT_EQ(text_of(sums.get(SumKind::size, 0)), row.size);
    EXPECT_EQ(text_of(sums.get(SumKind::md5, 0)), row.md5);
    EXPECT_EQ(text_of(sums.get(SumKind::sha1, 0)), row.sha1);
    EXPECT_EQ(sums.take_missing(), row.is_missing);
    EXPECT_FALSE(sums.take_missing());
  }
}

const std::string kMd5 = "900150983cd24fb0d6963f7d28e17f72";
const std::string kSha1 = "a9993e364706816aba3e25717850c26c9cd0d89d";

INSTANTIATE_TEST_SUITE_P(
    Files, FileSumsOf,
    testing::Values(
        Case{"All", kAll, "abc", "000000000000000301", kMd5, kSha1},
        Case{"Nothing", {}, "abc", "-", "-", "-"},
        Case{"SizeAlone", {.size = true}, "abc", "000000000000000301", "-", "-"},
        Case{"OneDigest", {.sha1 = true}, "abc", "-", "-", kSha1},
        Case{"Empty", kAll, "", "000000000000000001", "d41d8cd98f00b204e9800998ecf8427e",
             "da39a3ee5e6b4b0d3255bfef95601890afd80709"},
        Case{"TooLarge", kAll, "abcd", "000000000000000401", "-", "-", true, 0, 3, true},
        Case{"TooLargeForDigestsNobodyWants", {.size = true}, "abcd", "000000000000000401", "-", "-"},
        Case{"NotWhole", kAll, "abc", "000000000000000300", "-", "-", false, 0, 3, true},
        Case{"WithAGap", kAll, "abc", "000000000000000500", "-", "-", true, 2, 9, true}),
    by_name);

TEST(FileSums, AreOfEachFileOfATransaction) {
  MemoryBudget budget(1 << 20);
  FileSums sums(budget);
  for (const char* text : {"abc", "lost", ""}) {
    sums.begin({.size = true, .md5 = true}, 3);
    sums.add(as_bytes(text));
    sums.end(true);
  }
  EXPECT_EQ(text_of(sums.get(SumKind::size, 1)), "000000000000000401");
  EXPECT_EQ(text_of(sums.get(SumKind::md5, 0)), kMd5);
  EXPECT_EQ(text_of(sums.get(SumKind::md5, 1)), "d41d8cd98f00b204e9800998ecf8427e");  // of the third
  EXPECT_EQ(text_of(sums.get(SumKind::md5, 2)), "-");
  EXPECT_EQ(text_of(sums.get(SumKind::sha1, 0)), "-");
}

TEST(FileSums, TakeNoMemoryOnceWarmAndGiveItBack) {
  MemoryBudget budget(1 << 20);
  {
    FileSums sums(budget);
    const auto one_file = [&sums] {
      sums.reset();
      sums.begin(kAll, 100);
      sums.add(as_bytes("abc"));
      sums.end(true);
    };
    one_file();
    EXPECT_GT(budget.used(), 0u);
    const AllocationCounter allocations;
    one_file();
    EXPECT_EQ(allocations.count(), 0u);
  }
  EXPECT_EQ(budget.used(), 0u);
}

TEST(FileSums, GiveMemoryBackWhereItIsScarce) {
  MemoryBudget budget(1000);
  FileSums sums(budget);
  sums.begin(kAll, 100);
  sums.end(true);
  EXPECT_TRUE(budget.is_tight());
  sums.reset();
  EXPECT_EQ(budget.used(), 0u);
}

TEST(FileSums, AreMissingWithoutMemory) {
  MemoryBudget budget(1);
  FileSums sums(budget);
  sums.begin(kAll, 100);
  EXPECT_FALSE(sums.is_open());
  sums.add(as_bytes("abc"));
  sums.end(true);
  EXPECT_EQ(text_of(sums.get(SumKind::size, 0)), "-");
  EXPECT_TRUE(sums.take_missing());
  EXPECT_EQ(budget.used(), 0u);
}

}  // namespace
}  // namespace bansoko::proto
