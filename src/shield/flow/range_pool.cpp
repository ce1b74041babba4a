// SPDX-License-Identifier: Apache-2.0
#include "shield/flow/range_pool.h"

#include <algorithm>
#include <cassert>

namespace bansoko::flow {

RangePool::RangePool(std::uint32_t size) : nodes_(size) {
  for (std::uint32_t node = size; node > 0; --node) {
    nodes_[node - 1].next = free_;
    free_ = node - 1;
  }
}

bool RangePool::has_room(const List& list, std::int64_t begin, std::int64_t end,
                         std::uint32_t max) const noexcept {
  if (list.count < max && free_ != kNone) return true;
  std::uint32_t node = list.first;
  while (node != kNone && nodes_[node].end < begin) node = nodes_[node].next;
  return node != kNone && nodes_[node].begin <= end;
}

void RangePool::add(List& list, std::int64_t begin, std::int64_t end) noexcept {
  std::uint32_t* link = &list.first;
  while (*link != kNone && nodes_[*link].end < begin) link = &nodes_[*link].next;
  if (*link == kNone || nodes_[*link].begin > end) {
    assert(free_ != kNone);
    const std::uint32_t node = free_;
    free_ = nodes_[node].next;
    nodes_[node] = {begin, end, *link};
    *link = node;
    ++list.count;
  }
  Range& joined = nodes_[*link];
  joined.begin = std::min(joined.begin, begin);
  joined.end = std::max(joined.end, end);
  while (joined.next != kNone && nodes_[joined.next].begin <= joined.end) {
    const std::uint32_t eaten = joined.next;
    joined.end = std::max(joined.end, nodes_[eaten].end);
    joined.next = nodes_[eaten].next;
    nodes_[eaten].next = free_;
    free_ = eaten;
    --list.count;
  }
  if (joined.next == kNone) list.top = joined.end;
}

void RangePool::pop_front(List& list) noexcept {
  const std::uint32_t node = list.first;
  list.first = nodes_[node].next;
  --list.count;
  nodes_[node].next = free_;
  free_ = node;
}

void RangePool::clear(List& list) noexcept {
  while (!list.empty()) pop_front(list);
}

}  // namespace bansoko::flow
