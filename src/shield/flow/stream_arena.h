// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/lazy_array.h"

namespace bansoko::flow {

/// Memory for all streams of a worker, reserved at once and lent in blocks of a power of two (a buddy
/// system). Memory that was never lent is never touched, so that it costs nothing.
class StreamArena {
 public:
  static constexpr std::size_t kSmallest = 512;

  /// What was lent; `size` 0: nothing.
  struct Block {
    std::uint32_t at = 0;  // in units of kSmallest
    std::uint32_t size = 0;
  };

  explicit StreamArena(std::uint32_t size);

  /// A block of at least `size` bytes with whatever was in it before, or none.
  Block lend(std::size_t size) noexcept;

  /// Takes all of `block` back but its first bytes, at least `size` of them (not 0).
  void shrink(Block& block, std::size_t size) noexcept;

  /// Takes `block` back, and makes it none.
  void take_back(Block& block) noexcept;

  std::span<std::uint8_t> bytes(const Block& block) const noexcept {
    return {memory_.get() + std::size_t{block.at} * kSmallest, block.size};
  }

  std::size_t size() const noexcept { return marks_.size() * kSmallest; }
  std::size_t used() const noexcept { return used_; }

 private:
  static constexpr std::uint32_t kNone = 0xffffffff;
  static constexpr std::uint8_t kLent = 0xff;  // or not the first unit of a block

  void give(std::uint32_t at, unsigned order) noexcept;
  void unlink(std::uint32_t at, unsigned order) noexcept;

  struct Link {
    std::uint32_t previous = kNone;
    std::uint32_t next = kNone;
  };

  std::unique_ptr<std::uint8_t[]> memory_;
  std::vector<std::uint8_t> marks_;       // of a free block's first unit: its order
  LazyArray<Link> links_;                 // of each free block's first unit
  std::array<std::uint32_t, 32> free_{};  // the first free block, by order
  std::size_t used_ = 0;
};

}  // namespace bansoko::flow
