// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace bansoko::proto::http {

/// Memory for texts that are built on demand and must stay in place until reset().
class Arena {
 public:
  std::span<char> take(std::size_t size);
  /// The texts one after another, in one place.
  std::string_view join(std::initializer_list<std::string_view> parts);
  /// Keeps the blocks for the next use.
  void reset() noexcept;
  /// Gives memory back when there is more than `most` of it.
  void shrink(std::size_t most) noexcept;
  std::size_t memory() const noexcept { return total_; }

 private:
  struct Block {
    std::unique_ptr<char[]> bytes;
    std::size_t size = 0;
  };

  std::vector<Block> blocks_;
  std::size_t current_ = 0;
  std::size_t used_ = 0;   // of the current block
  std::size_t total_ = 0;  // of all blocks
};

}  // namespace bansoko::proto::http
