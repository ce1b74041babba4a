// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>

#include "base/counter.h"
#include "base/lazy_array.h"
#include "shield/detect/compiled_rule.h"

namespace bansoko::detect {

/// How often each rule has matched for each address, for `threshold` and `detection_filter`. Fixed in size:
/// when it is full, the entry longest not seen gives way, and that is counted.
class ThresholdTable {
 public:
  explicit ThresholdTable(std::uint32_t capacity);

  enum class Answer : std::uint8_t {
    alert,
    silent,  // matched, and not to be told again
    no,      // has not matched often enough to count as a match
  };

  /// Counts one match of `rule` (any number that stays the same over reloads) at `now`.
  Answer count(const Threshold& threshold, std::uint64_t rule, const packet::Packet& packet,
               std::uint64_t flow, std::chrono::nanoseconds now, Counter& limit_reached) noexcept;

 private:
  struct Entry {
    std::uint64_t rule = 0;
    std::uint64_t flow = 0;
    packet::Address a, b;
    std::chrono::nanoseconds begun{};
    std::chrono::nanoseconds seen{};
    std::uint32_t count = 0;  // 0: free
  };
  Entry& entry_for(const Entry& wanted, std::chrono::nanoseconds period, Counter& limit_reached) noexcept;

  LazyArray<Entry> entries_;
};

}  // namespace bansoko::detect
