// SPDX-License-Identifier: Apache-2.0
#include "lockdown/approved/list.h"

#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "lockdown/approved/difference.h"
#include "lockdown/approved/list_file.h"
#include "tests/allocations.h"
#include "tests/cases.h"

namespace bansoko::approved {
namespace {

using namespace std::literals;

Entry entry(std::uint8_t digest, std::string_view path, std::string_view package = {}) {
  return {.digest = {digest}, .path = path, .package = package};
}

std::string paths_of(const std::vector<Entry>& entries) {
  std::string text;
  for (const Entry& one : entries) text += std::string(one.path) + " ";
  return text;
}

TEST(ApprovedList, FindsByContentAndByPath) {
  const auto list = List::make({.generation = 7}, {entry(2, "/b", "pkg 1"), entry(1, "/c"), entry(1, "/a")});
  ASSERT_EQ(list->size(), 3U);
  EXPECT_EQ(list->at(list->find({1})).path, "/a");
  EXPECT_EQ(list->at(list->find({2})).package, "pkg 1");
  EXPECT_EQ(list->find({3}), List::npos);
  EXPECT_EQ(list->at(list->find_path("/c")).digest, identity::Sha256{1});
  EXPECT_EQ(list->find_path("/"), List::npos);
  EXPECT_EQ(list->find_path("/d"), List::npos);
  EXPECT_EQ(list->at_by_path(1).path, "/b");
  EXPECT_TRUE(list->contains({1}, "/c"));
  EXPECT_FALSE(list->contains({1}, "/b"));
  EXPECT_FALSE(list->contains({3}, "/b"));
}

TEST(ApprovedList, AnEmptyOneFindsNothing) {
  const auto list = List::make({}, {});
  EXPECT_EQ(list->find({}), List::npos);
  EXPECT_EQ(list->find_path(""), List::npos);
}

TEST(ApprovedList, OfTheSameTwiceTheFirstCounts) {
  const auto list =
      List::make({}, {entry(1, "/a", "new"), entry(1, "/a", "old"), entry(2, "/a"), entry(1, "/b")});
  ASSERT_EQ(list->size(), 3U);
  EXPECT_EQ(list->at(list->find({1})).package, "new");
}

TEST(ApprovedList, LooksWithoutAllocating) {
  const auto list = List::make({}, {entry(1, "/a"), entry(2, "/b")});
  const AllocationCounter allocations;
  EXPECT_EQ(list->find({2}) == List::npos || list->find_path("/a") == List::npos, false);
  EXPECT_EQ(allocations.count(), 0U);
}

struct FitCase {
  std::string_view name;
  std::string path, package;
  bool fits;
};

class Fits : public testing::TestWithParam<FitCase> {};

TEST_P(Fits, OrIsLeftOut) {
  const auto list = List::make({}, {entry(1, GetParam().path, GetParam().package)});
  EXPECT_EQ(list->size(), GetParam().fits ? 1U : 0U);
}

INSTANTIATE_TEST_SUITE_P(
    Entries, Fits,
    testing::Values(FitCase{"Plain", "/a", "p", true}, FitCase{"AnyBytes", "/\xff\n\x01", "", true},
                    FitCase{"Empty", "", "", false}, FitCase{"Relative", "a", "", false},
                    FitCase{"Nul", "/a\0b"s, "", false},
                    FitCase{"LongestPath", "/" + std::string(kMaxPath - 1, 'a'), "", true},
                    FitCase{"LongerPath", "/" + std::string(kMaxPath, 'a'), "", false},
                    FitCase{"LongestPackage", "/a", std::string(kMaxPackage, 'p'), true},
                    FitCase{"LongerPackage", "/a", std::string(kMaxPackage + 1, 'p'), false}),
    by_name);

TEST(ApprovedList, ComesBackFromItsBytes) {
  const auto list =
      List::make({.generation = 7, .made = -5, .reason = "scan"}, {{.digest = {9},
                                                                    .kind = identity::FileKind::script,
                                                                    .language = identity::Language::perl,
                                                                    .origin = Origin::window,
                                                                    .path = "/b",
                                                                    .package = "x 1"},
                                                                   entry(1, "/c", "x 1"),
                                                                   entry(1, "/a", "w 2")});
  const std::string bytes = list_bytes(*list);
  const auto read = read_list(as_bytes(bytes));
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ((*read)->head().generation, 7U);
  EXPECT_EQ((*read)->head().made, -5);
  EXPECT_EQ((*read)->head().reason, "scan");
  const Entry one = (*read)->at((*read)->find({9}));
  EXPECT_EQ(one.kind, identity::FileKind::script);
  EXPECT_EQ(one.language, identity::Language::perl);
  EXPECT_EQ(one.origin, Origin::window);
  EXPECT_EQ(one.package, "x 1");
  EXPECT_EQ(list_bytes(**read), bytes);
}

TEST(ApprovedList, CutAnywhereIsRefused) {
  const std::string bytes =
      list_bytes(*List::make({.reason = "scan"}, {entry(1, "/a", "p"), entry(2, "/b")}));
  for (std::size_t size = 0; size < bytes.size(); ++size)
    EXPECT_FALSE(read_list(as_bytes(std::string_view(bytes).substr(0, size)))) << size;
  EXPECT_FALSE(read_list(as_bytes(bytes + "x")));
}

struct DamageCase {
  std::string_view name;
  std::size_t at;  // of the list of CutAnywhere, whose reason has 4 bytes and whose one package 1
  std::string bytes;
  std::string_view says;
};

class DamagedList : public testing::TestWithParam<DamageCase> {};

TEST_P(DamagedList, IsRefused) {
  std::string bytes = list_bytes(*List::make({.reason = "scan"}, {entry(1, "/a", "p"), entry(2, "/b")}));
  bytes.replace(GetParam().at, GetParam().bytes.size(), GetParam().bytes);
  const auto read = read_list(as_bytes(bytes));
  ASSERT_FALSE(read);
  EXPECT_NE(read.error().message.find(GetParam().says), std::string::npos) << read.error().message;
}

// Head 26, reason 2+4, packages 4+2, entries 4: the first begins at 42 and takes 43.
INSTANTIATE_TEST_SUITE_P(Places, DamagedList,
                         testing::Values(DamageCase{"Magic", 0, "X", "no approved list"},
                                         DamageCase{"Version", 8, "\0\2"s, "version is 2"},
                                         DamageCase{"Reason", 26, "\4\1"s, "longer than"},
                                         DamageCase{"ManyPackages", 32, "\0\xff\xff\xff"s, "more packages"},
                                         DamageCase{"EmptyPackage", 36, "\0"s, "package 1"},
                                         DamageCase{"ManyEntries", 38, "\0\xff\xff\xff"s, "more entries"},
                                         DamageCase{"FewerEntries", 38, "\0\0\0\1"s, "behind its end"},
                                         DamageCase{"Kind", 74, "\x08", "stands for nothing"},
                                         DamageCase{"Language", 75, "\xff", "stands for nothing"},
                                         DamageCase{"Origin", 76, "\x06", "stands for nothing"},
                                         DamageCase{"Package", 77, "\0\0\0\2"s, "stands for nothing"},
                                         DamageCase{"Path", 83, "a", "no path that can be"},
                                         DamageCase{"Nul", 84, "\0"s, "no path that can be"},
                                         DamageCase{"Order", 84, "c", "out of order"}),
                         by_name);

TEST(ApprovedDifference, TellsEachPathOnce) {
  const auto before = List::make(
      {}, {entry(1, "/same"), entry(2, "/changed"), entry(3, "/gone"), entry(4, "/two"), entry(5, "/two")});
  const auto after =
      List::make({}, {entry(1, "/same"), entry(9, "/changed"), entry(3, "/new"), entry(4, "/two")});
  const Difference found = difference(*before, *after);
  EXPECT_EQ(paths_of(found.added), "/new ");
  EXPECT_EQ(paths_of(found.changed), "/changed ");
  EXPECT_EQ(paths_of(found.removed), "/gone /two ");
  EXPECT_TRUE(difference(*before, *before).empty());
  EXPECT_EQ(difference(*List::make({}, {}), *after).added.size(), 4U);
  EXPECT_EQ(difference(*before, *List::make({}, {})).removed.size(), 5U);
}

}  // namespace
}  // namespace bansoko::approved
