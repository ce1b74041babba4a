// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "base/lazy_array.h"

namespace bansoko::flow {

/// Sorted lists of disjoint runs of bytes, with nodes from one pool filled at construction.
class RangePool {
 public:
  static constexpr std::uint32_t kNone = 0xffffffff;

  struct Range {
    std::int64_t begin = 0;
    std::int64_t end = 0;
    std::int64_t origin = 0;  // where the segment began that it came in, if runs are kept apart
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

  /// Whether cut() and fill() of [begin, end) could end with at most `max` ranges in the list.
  bool has_room_apart(const List& list, std::int64_t begin, std::int64_t end,
                      std::uint32_t max) const noexcept;

  /// Takes [begin, end) out of each range that `gives_way(range)`. Needs has_room_apart().
  template <class GivesWay>
  void cut(List& list, std::int64_t begin, std::int64_t end, GivesWay gives_way) noexcept {
    for (std::uint32_t* link = &list.first; *link != kNone && nodes_[*link].begin < end;) {
      if (nodes_[*link].end > begin && gives_way(nodes_[*link]))
        link = cut_one(list, link, begin, end);
      else
        link = &nodes_[*link].next;
    }
  }

  /// Adds what of [begin, end) the list does not have, joined with nothing. Needs has_room_apart().
  void fill(List& list, std::int64_t begin, std::int64_t end) noexcept;

  /// Calls `each(begin, end)` for every run of [begin, end) that the list does not have.
  template <class Each>
  void for_each_gap(const List& list, std::int64_t begin, std::int64_t end, Each each) const noexcept {
    for (std::uint32_t node = list.first; node != kNone && nodes_[node].begin < end;
         node = nodes_[node].next) {
      if (nodes_[node].end <= begin) continue;
      if (nodes_[node].begin > begin) each(begin, nodes_[node].begin);
      begin = nodes_[node].end;
    }
    if (begin < end) each(begin, end);
  }

  void pop_front(List& list) noexcept;
  void clear(List& list) noexcept;

 private:
  std::uint32_t* cut_one(List& list, std::uint32_t* link, std::int64_t begin, std::int64_t end) noexcept;
  std::uint32_t insert(List& list, std::uint32_t* link, const Range& range) noexcept;
  void remove(List& list, std::uint32_t* link) noexcept;
  void settle_top(List& list) noexcept;

  bool has_free() const noexcept { return free_count_ > 0; }
  std::uint32_t take_node() noexcept;

  LazyArray<Range> nodes_;
  std::uint32_t free_ = kNone;  // among those used before
  std::uint32_t unused_ = 0;    // this node and all behind it were never used
  std::uint32_t free_count_ = 0;
};

}  // namespace bansoko::flow
