// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

namespace bansoko::flow {

/// Sorted lists of disjoint, non-adjacent runs of bytes, with nodes from one pool filled at construction.
class RangePool {
 public:
  static constexpr std::uint32_t kNone = 0xffffffff;

  struct Range {
    std::int64_t begin = 0;
    std::int64_t end = 0;
    std::uint32_t next = kNone;
  };

  struct List {
    std::uint32_t first = kNone;
    std::uint32_t count = 0;
    std::int64_t top = 0;  // the end of the last range, when there is one

    bool empty() const noexcept { return first == kNone; }
  };

  explicit RangePool(std::uint32_t size);

  const Range& at(std::uint32_t node) const noexcept { return nodes_[node]; }
  const Range& first(const List& list) const noexcept { return nodes_[list.first]; }

  /// Whether add() could take [begin, end) with at most `max` ranges in the list.
  bool has_room(const List& list, std::int64_t begin, std::int64_t end, std::uint32_t max) const noexcept;

  /// Adds [begin, end), joining what it overlaps or touches. Needs has_room().
  void add(List& list, std::int64_t begin, std::int64_t end) noexcept;

  void pop_front(List& list) noexcept;
  void clear(List& list) noexcept;

 private:
  std::vector<Range> nodes_;
  std::uint32_t free_ = kNone;
};

}  // namespace bansoko::flow
