// SPDX-License-Identifier: Apache-2.0
#include "shield/flow/stream_arena.h"

#include <algorithm>
#include <bit>
#include <cassert>

namespace bansoko::flow {

StreamArena::StreamArena(std::uint32_t size)
    : memory_(std::make_unique_for_overwrite<std::uint8_t[]>(size)),
      marks_(size / kSmallest, kLent),
      links_(marks_.size()) {
  free_.fill(kNone);
  const auto units = static_cast<std::uint32_t>(marks_.size());
  for (std::uint32_t at = 0; at < units;) {
    const std::uint32_t aligned = at == 0 ? std::bit_floor(units) : at & (~at + 1);
    const std::uint32_t taken = std::min(aligned, std::bit_floor(units - at));
    give(at, static_cast<unsigned>(std::countr_zero(taken)));
    at += taken;
  }
}

StreamArena::Block StreamArena::lend(std::size_t size) noexcept {
  if (size == 0 || size > this->size()) return {};
  const auto wanted = static_cast<unsigned>(std::bit_width((size - 1) / kSmallest));
  unsigned order = wanted;
  while (order < free_.size() && free_[order] == kNone) ++order;
  if (order == free_.size()) return {};
  const std::uint32_t at = free_[order];
  unlink(at, order);
  while (order > wanted) {
    --order;
    give(at + (1U << order), order);
  }
  const Block block{at, static_cast<std::uint32_t>(kSmallest << wanted)};
  used_ += block.size;
  return block;
}

void StreamArena::take_back(Block& block) noexcept {
  if (block.size == 0) return;
  assert(used_ >= block.size);
  used_ -= block.size;
  std::uint32_t at = block.at;
  auto order = static_cast<unsigned>(std::countr_zero(block.size / static_cast<std::uint32_t>(kSmallest)));
  for (;; ++order) {
    const std::uint32_t buddy = at ^ (1U << order);
    if (buddy >= marks_.size() || marks_[buddy] != order) break;
    unlink(buddy, order);
    at = std::min(at, buddy);
  }
  give(at, order);
  block = {};
}

void StreamArena::give(std::uint32_t at, unsigned order) noexcept {
  marks_[at] = static_cast<std::uint8_t>(order);
  links_[at] = {kNone, free_[order]};
  if (free_[order] != kNone) links_[free_[order]].previous = at;
  free_[order] = at;
}

void StreamArena::unlink(std::uint32_t at, unsigned order) noexcept {
  const Link link = links_[at];
  marks_[at] = kLent;
  (link.previous == kNone ? free_[order] : links_[link.previous].next) = link.next;
  if (link.next != kNone) links_[link.next].previous = link.previous;
}

}  // namespace bansoko::flow
