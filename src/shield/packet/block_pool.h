// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <numeric>
#include <span>
#include <vector>

#include "base/lazy_array.h"

namespace bansoko::packet {

/// Blocks of one size, their memory reserved at start, named by number.
class BlockPool {
 public:
  static constexpr std::size_t kBlockSize = 1024;
  static constexpr std::uint32_t kNone = 0xffffffff;

  explicit BlockPool(std::size_t memory)
      : bytes_(memory / kBlockSize * kBlockSize), free_(memory / kBlockSize) {
    std::iota(free_.rbegin(), free_.rend(), 0U);
  }

  /// kNone when all are in use.
  std::uint32_t take() noexcept {
    if (free_.empty()) return kNone;
    const std::uint32_t block = free_.back();
    free_.pop_back();
    return block;
  }
  // free_ never outgrows the capacity it had at start.
  void give_back(std::uint32_t block) noexcept { free_.push_back(block); }

  std::size_t available() const noexcept { return free_.size(); }
  std::span<std::uint8_t> at(std::uint32_t block) noexcept {
    return bytes_.part(block * kBlockSize, kBlockSize);
  }

 private:
  LazyArray<std::uint8_t> bytes_;
  std::vector<std::uint32_t> free_;
};

}  // namespace bansoko::packet
