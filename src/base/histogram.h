// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/counter.h"

namespace bansoko {

/// How often which size of number was seen (latencies in ns, mostly). One thread adds, others read.
///
/// Each power of two is cut into 32 equal steps, so what is read back is within 1/64 (1.6 %) of what was
/// added, and exact below 32. Any 64-bit number has its place: nothing is out of range.
class Histogram {
 public:
  static constexpr unsigned kStepBits = 5;
  static constexpr std::size_t kSteps = std::size_t{1} << kStepBits;
  static constexpr std::size_t kBuckets = (64 - kStepBits + 1) * kSteps;

  void add(std::uint64_t value) noexcept { buckets_[bucket_of(value)].add(); }
  std::uint64_t in_bucket(std::size_t bucket) const noexcept { return buckets_[bucket].value(); }

  static constexpr std::size_t bucket_of(std::uint64_t value) noexcept {
    if (value < kSteps) return static_cast<std::size_t>(value);
    const unsigned shift = static_cast<unsigned>(std::bit_width(value)) - kStepBits - 1;
    return shift * kSteps + static_cast<std::size_t>(value >> shift);
  }

  /// The number in the middle of a bucket.
  static constexpr std::uint64_t middle_of(std::size_t bucket) noexcept {
    if (bucket < 2 * kSteps) return bucket;
    const unsigned shift = static_cast<unsigned>(bucket / kSteps) - 1;
    const std::uint64_t low = std::uint64_t{bucket - shift * kSteps} << shift;
    return low + (std::uint64_t{1} << shift) / 2;
  }

 private:
  std::array<Counter, kBuckets> buckets_;
};

/// Several histograms (one per worker) read together. What is added while being read may or may not be in.
class HistogramSum {
 public:
  void add(const Histogram& histogram) {
    for (std::size_t i = 0; i < Histogram::kBuckets; ++i) {
      const std::uint64_t seen = histogram.in_bucket(i);
      buckets_[i] += seen;
      count_ += seen;
    }
  }

  std::uint64_t count() const noexcept { return count_; }

  /// The number that `percent` of all are not above: 50 is the median, 100 the largest. 0 if there is none.
  std::uint64_t percentile(double percent) const noexcept {
    if (count_ == 0) return 0;
    const double share = std::clamp(percent, 0.0, 100.0) / 100.0 * static_cast<double>(count_);
    const auto rank = std::max<std::uint64_t>(1, static_cast<std::uint64_t>(share + 0.999999));
    std::uint64_t passed = 0;
    std::size_t last = 0;
    for (std::size_t i = 0; i < buckets_.size() && passed < rank; ++i) {
      passed += buckets_[i];
      if (buckets_[i] != 0) last = i;
    }
    return Histogram::middle_of(last);
  }

 private:
  std::vector<std::uint64_t> buckets_ = std::vector<std::uint64_t>(Histogram::kBuckets);
  std::uint64_t count_ = 0;
};

}  // namespace bansoko
