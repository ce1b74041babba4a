// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/memory_budget.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/cases.h"

namespace bansoko::proto {
namespace {

struct TakeCase {
  std::string name;
  std::size_t used, size, leave;
  bool granted;
};

class MemoryBudgetTake : public testing::TestWithParam<TakeCase> {};

TEST_P(MemoryBudgetTake, GrantsWhatIsLeft) {
  const auto& row = GetParam();
  MemoryBudget budget(100);
  budget.take_anyway(row.used);
  EXPECT_EQ(budget.take(row.size, row.leave), row.granted);
  EXPECT_EQ(budget.used(), row.used + (row.granted ? row.size : 0));
}

INSTANTIATE_TEST_SUITE_P(Proto, MemoryBudgetTake,
                         testing::Values(TakeCase{"Nothing", 0, 0, 0, true}, TakeCase{"All", 0, 100, 0, true},
                                         TakeCase{"OneTooMany", 0, 101, 0, false},
                                         TakeCase{"TheRest", 60, 40, 0, true},
                                         TakeCase{"MoreThanTheRest", 60, 41, 0, false},
                                         TakeCase{"AllButTheShareOfOthers", 60, 15, 25, true},
                                         TakeCase{"OfTheShareOfOthers", 60, 16, 25, false},
                                         TakeCase{"OnlyTheShareOfOthersIsLeft", 80, 0, 25, false},
                                         TakeCase{"Overdrawn", 120, 1, 0, false}),
                         by_name);

TEST(MemoryBudget, IsTightBeyondHalf) {
  MemoryBudget budget(100);
  budget.take_anyway(50);
  EXPECT_FALSE(budget.is_tight());
  budget.take_anyway(1);
  EXPECT_TRUE(budget.is_tight());
  EXPECT_FALSE(budget.is_full());
  budget.take_anyway(49);
  EXPECT_TRUE(budget.is_full());
}

TEST(BudgetedBytes, GrowAsFarAsTheBudgetAndGiveBack) {
  MemoryBudget budget(1100);
  const std::string text(500, 'x');
  {
    BudgetedBytes bytes(budget);
    EXPECT_TRUE(bytes.append(as_bytes(text), 4096));
    EXPECT_EQ(budget.used(), 512U);
    // Twice as much is granted while it is there, what is needed after that, nothing beyond.
    EXPECT_TRUE(bytes.append(as_bytes(text), 4096));
    EXPECT_EQ(budget.used(), 1024U);
    EXPECT_TRUE(bytes.append(as_bytes(text).first(100), 4096));
    EXPECT_EQ(budget.used(), 1100U);
    EXPECT_FALSE(bytes.append(as_bytes(text).first(1), 4096));
    EXPECT_EQ(as_text(bytes.bytes()), std::string(1100, 'x'));
    bytes.clear();
    EXPECT_EQ(budget.used(), 1100U);
    EXPECT_TRUE(bytes.append(as_bytes(text), 4096));
    bytes.release();
    EXPECT_EQ(budget.used(), 0U);
    EXPECT_TRUE(bytes.append(as_bytes(text), 4096));
  }
  EXPECT_EQ(budget.used(), 0U);
}

TEST(BudgetedBytes, FixedPartNeedsNoBudget) {
  MemoryBudget budget(600);
  BudgetedBytes bytes(budget, 1000);
  EXPECT_TRUE(bytes.append(as_bytes(std::string(1000, 'x')), 4096));
  EXPECT_EQ(budget.used(), 0U);
  EXPECT_TRUE(bytes.append(as_bytes(std::string(600, 'x')), 4096));
  EXPECT_FALSE(bytes.append(as_bytes(std::string(1, 'x')), 4096));
  EXPECT_EQ(budget.used(), 600U);
  bytes.release();
  EXPECT_EQ(budget.used(), 0U);
  EXPECT_EQ(bytes.capacity(), 1000U);
}

TEST(BudgetedBytes, NeverHaveMoreRoomThanTheyWillNeed) {
  MemoryBudget budget(10000);
  BudgetedBytes bytes(budget);
  EXPECT_TRUE(bytes.append(as_bytes(std::string(400, 'x')), 700));
  EXPECT_EQ(bytes.capacity(), 512U);
  EXPECT_TRUE(bytes.append(as_bytes(std::string(200, 'x')), 700));
  EXPECT_EQ(bytes.capacity(), 700U);
}

}  // namespace
}  // namespace bansoko::proto
