// SPDX-License-Identifier: Apache-2.0
#include "shield/flow/range_pool.h"

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "tests/cases.h"

namespace bansoko::flow {
namespace {

using Pairs = std::vector<std::pair<std::int64_t, std::int64_t>>;

struct RangesCase {
  std::string_view name;
  Pairs added;
  Pairs want;
};

class Ranges : public testing::TestWithParam<RangesCase> {};

TEST_P(Ranges, JoinWhatTouches) {
  RangePool pool(8);
  RangePool::List list;
  for (const auto& [begin, end] : GetParam().added) {
    ASSERT_TRUE(pool.has_room(list, begin, end, 8));
    pool.add(list, begin, end);
  }
  EXPECT_EQ(list.count, GetParam().want.size());
  EXPECT_EQ(list.top, GetParam().want.back().second);
  Pairs got;
  for (; !list.empty(); pool.pop_front(list)) got.emplace_back(pool.first(list).begin, pool.first(list).end);
  EXPECT_EQ(got, GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(
    RangePool, Ranges,
    testing::Values(RangesCase{"one", {{5, 9}}, {{5, 9}}},
                    RangesCase{"sorted", {{20, 30}, {1, 2}, {10, 15}}, {{1, 2}, {10, 15}, {20, 30}}},
                    RangesCase{"touching", {{5, 9}, {9, 12}, {1, 5}}, {{1, 12}}},
                    RangesCase{"within", {{5, 9}, {6, 7}}, {{5, 9}}},
                    RangesCase{"around", {{5, 9}, {12, 14}, {1, 20}}, {{1, 20}}},
                    RangesCase{"bridge", {{1, 3}, {7, 9}, {20, 21}, {2, 8}}, {{1, 9}, {20, 21}}}),
    by_name);

TEST(RangePool, HasRoomUpToTheLimitAndForWhatJoins) {
  RangePool pool(3);
  RangePool::List list;
  pool.add(list, 10, 20);
  pool.add(list, 30, 40);
  EXPECT_TRUE(pool.has_room(list, 50, 60, 3));
  EXPECT_FALSE(pool.has_room(list, 50, 60, 2));
  EXPECT_FALSE(pool.has_room(list, 1, 5, 2));
  EXPECT_TRUE(pool.has_room(list, 20, 25, 2));
  EXPECT_TRUE(pool.has_room(list, 5, 10, 2));
  RangePool::List other;
  pool.add(other, 1, 2);
  EXPECT_FALSE(pool.has_room(list, 50, 60, 9)) << "the pool is empty";
  pool.clear(other);
  EXPECT_TRUE(pool.has_room(list, 50, 60, 9));
}

}  // namespace
}  // namespace bansoko::flow
