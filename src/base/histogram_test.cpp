// SPDX-License-Identifier: Apache-2.0
#include "base/histogram.h"

#include <atomic>
#include <cmath>
#include <memory>
#include <thread>

#include <gtest/gtest.h>

#include "tests/allocations.h"
#include "tests/cases.h"

namespace bansoko {
namespace {

TEST(Histogram, EveryNumberComesBackWithinThreePercent) {
  for (unsigned bit = 0; bit < 64; ++bit) {
    for (const std::uint64_t part : {0, 1, 13, 31, 63}) {
      const std::uint64_t base = std::uint64_t{1} << bit;
      const std::uint64_t value = base + base / 64 * part;
      const auto got = static_cast<double>(Histogram::middle_of(Histogram::bucket_of(value)));
      EXPECT_LE(std::abs(got - static_cast<double>(value)), 0.03 * static_cast<double>(value)) << value;
    }
  }
}

TEST(Histogram, BucketsAreInOrderAndInBounds) {
  EXPECT_EQ(Histogram::bucket_of(~std::uint64_t{0}), Histogram::kBuckets - 1);
  for (std::size_t i = 0; i < Histogram::kBuckets; ++i)
    ASSERT_EQ(Histogram::bucket_of(Histogram::middle_of(i)), i);
}

struct Case {
  std::string_view name;
  double percent;
  std::uint64_t want;  // of the numbers 1 to 1000
};

class HistogramPercentile : public testing::TestWithParam<Case> {};

TEST_P(HistogramPercentile, OfOneToAThousand) {
  Histogram low;
  Histogram high;
  for (std::uint64_t i = 1; i <= 1000; ++i) (i <= 300 ? low : high).add(i);
  HistogramSum sum;
  sum.add(low);
  sum.add(high);
  EXPECT_EQ(sum.count(), 1000u);
  EXPECT_NEAR(static_cast<double>(sum.percentile(GetParam().percent)), static_cast<double>(GetParam().want),
              0.03 * static_cast<double>(GetParam().want));
}

INSTANTIATE_TEST_SUITE_P(Histogram, HistogramPercentile,
                         testing::Values(Case{"Zero", 0, 1}, Case{"First", 0.1, 1}, Case{"Median", 50, 500},
                                         Case{"P99", 99, 990}, Case{"P999", 99.9, 999},
                                         Case{"Largest", 100, 1000}, Case{"TooMuch", 1000, 1000},
                                         Case{"Negative", -1, 1}),
                         by_name);

TEST(Histogram, EmptyGivesZero) {
  const auto empty = std::make_unique<Histogram>();
  HistogramSum sum;
  sum.add(*empty);
  EXPECT_EQ(sum.count(), 0u);
  EXPECT_EQ(sum.percentile(99), 0u);
}

TEST(Histogram, IsReadWhileItIsWritten) {
  Histogram shared;
  std::atomic<bool> stop{false};
  std::uint64_t largest = 0;
  std::thread reader([&] {
    while (!stop.load()) {
      HistogramSum sum;
      sum.add(shared);
      largest = std::max(largest, sum.count());
    }
  });
  const AllocationCounter allocations;
  for (std::uint64_t i = 0; i < 100000; ++i) shared.add(i);
  EXPECT_EQ(allocations.count(), 0u);
  stop.store(true);
  reader.join();
  EXPECT_LE(largest, 100000u);
  HistogramSum sum;
  sum.add(shared);
  EXPECT_EQ(sum.count(), 100000u);
}

}  // namespace
}  // namespace bansoko
