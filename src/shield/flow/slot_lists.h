// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "base/lazy_array.h"

namespace bansoko::flow {

inline constexpr std::uint32_t kNoSlot = 0xffffffff;

/// Several doubly linked lists over the same slots; a slot is on one list at most. Each is kept with the
/// one touched longest ago in front. All memory is taken at construction.
template <std::size_t kLists>
class SlotLists {
 public:
  explicit SlotLists(std::uint32_t slots) : links_(slots) {}

  std::uint32_t front(std::size_t list) const noexcept { return ends_[list].front; }

  void push_back(std::size_t list, std::uint32_t slot) noexcept {
    End& end = ends_[list];
    links_[slot] = {end.back, kNoSlot};
    (end.back == kNoSlot ? end.front : links_[end.back].next) = slot;
    end.back = slot;
  }

  void remove(std::size_t list, std::uint32_t slot) noexcept {
    End& end = ends_[list];
    const Link link = links_[slot];
    (link.previous == kNoSlot ? end.front : links_[link.previous].next) = link.next;
    (link.next == kNoSlot ? end.back : links_[link.next].previous) = link.previous;
  }

  void touch(std::size_t list, std::uint32_t slot) noexcept {
    if (ends_[list].back == slot) return;
    remove(list, slot);
    push_back(list, slot);
  }

 private:
  struct Link {
    std::uint32_t previous = kNoSlot;
    std::uint32_t next = kNoSlot;
  };
  struct End {
    std::uint32_t front = kNoSlot;
    std::uint32_t back = kNoSlot;
  };

  LazyArray<Link> links_;  // each written before it is read
  std::array<End, kLists> ends_{};
};

}  // namespace bansoko::flow
