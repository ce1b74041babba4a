// SPDX-License-Identifier: Apache-2.0
#include "shield/flow/range_pool.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace bansoko::flow {

RangePool::RangePool(std::uint32_t size) : nodes_(size), free_count_(size) {}

bool RangePool::has_room(const List& list, std::int64_t begin, std::int64_t end,
                         std::uint32_t max) const noexcept {
  if (list.count < max && has_free()) return true;
  std::uint32_t node = list.first;
  while (node != kNone && nodes_[node].end < begin) node = nodes_[node].next;
  return node != kNone && nodes_[node].begin <= end;
}

void RangePool::add(List& list, std::int64_t begin, std::int64_t end) noexcept {
  std::uint32_t* link = &list.first;
  while (*link != kNone && nodes_[*link].end < begin) link = &nodes_[*link].next;
  if (*link == kNone || nodes_[*link].begin > end)
    insert(list, link, {.begin = begin, .end = end, .origin = begin});
  Range& joined = nodes_[*link];
  joined.begin = std::min(joined.begin, begin);
  joined.end = std::max(joined.end, end);
  while (joined.next != kNone && nodes_[joined.next].begin <= joined.end) {
    joined.end = std::max(joined.end, nodes_[joined.next].end);
    remove(list, &joined.next);
  }
  if (joined.next == kNone) list.top = joined.end;
}

bool RangePool::has_room_apart(const List& list, std::int64_t begin, std::int64_t end,
                               std::uint32_t max) const noexcept {
  std::uint32_t more = 2;  // one behind the last that it meets, and what a cut leaves behind it
  for (std::uint32_t node = list.first; node != kNone && nodes_[node].begin < end; node = nodes_[node].next)
    if (nodes_[node].end > begin) ++more;
  return more <= free_count_ && list.count + more <= max;
}

std::uint32_t* RangePool::cut_one(List& list, std::uint32_t* link, std::int64_t begin,
                                  std::int64_t end) noexcept {
  Range& range = nodes_[*link];
  const Range behind{.begin = end, .end = range.end, .origin = range.origin};
  range.end = std::min(range.end, begin);
  const bool is_left = range.begin < range.end;
  if (is_left)
    link = &range.next;
  else
    remove(list, link);
  if (behind.begin < behind.end) link = &nodes_[insert(list, link, behind)].next;
  if (*link == kNone) settle_top(list);
  return link;
}

void RangePool::fill(List& list, std::int64_t begin, std::int64_t end) noexcept {
  const std::int64_t origin = begin;
  std::uint32_t* link = &list.first;
  for (; *link != kNone && nodes_[*link].begin < end; link = &nodes_[*link].next) {
    if (nodes_[*link].end <= begin) continue;
    const std::int64_t until = nodes_[*link].begin;
    if (until > begin)
      link = &nodes_[insert(list, link, {.begin = begin, .end = until, .origin = origin})].next;
    begin = nodes_[*link].end;
  }
  if (begin < end) insert(list, link, {.begin = begin, .end = end, .origin = origin});
  settle_top(list);
}

std::uint32_t RangePool::take_node() noexcept {
  assert(has_free());
  --free_count_;
  if (free_ == kNone) return unused_++;
  return std::exchange(free_, nodes_[free_].next);
}

std::uint32_t RangePool::insert(List& list, std::uint32_t* link, const Range& range) noexcept {
  const std::uint32_t node = take_node();
  nodes_[node] = range;
  nodes_[node].next = *link;
  *link = node;
  ++list.count;
  return node;
}

void RangePool::remove(List& list, std::uint32_t* link) noexcept {
  const std::uint32_t node = *link;
  *link = nodes_[node].next;
  --list.count;
  nodes_[node].next = free_;
  free_ = node;
  ++free_count_;
}

void RangePool::settle_top(List& list) noexcept {
  for (std::uint32_t node = list.first; node != kNone; node = nodes_[node].next) list.top = nodes_[node].end;
}

void RangePool::pop_front(List& list) noexcept { remove(list, &list.first); }

void RangePool::clear(List& list) noexcept {
  while (!list.empty()) pop_front(list);
}

}  // namespace bansoko::flow
