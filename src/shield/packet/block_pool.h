// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <numeric>
#include <span>
#include <vector>

namespace bansoko::packet {

/// Blocks of one size, all taken at start, named by number.
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
    return std::span(bytes_).subspan(block * kBlockSize, kBlockSize);
  }

 private:
  std::vector<std::uint8_t> bytes_;
  std::vector<std::uint32_t> free_;
};

}  // namespace bansoko::packet
