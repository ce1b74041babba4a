// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "base/bytes.h"

namespace bansoko::proto {

/// How much memory the parsers of one protocol may hold together in one worker, hence in one thread.
class MemoryBudget {
 public:
  explicit MemoryBudget(std::size_t most) noexcept : most_(most) {}
  MemoryBudget(const MemoryBudget&) = delete;
  MemoryBudget& operator=(const MemoryBudget&) = delete;

  /// False, and nothing is taken: after it less than `leave` would be left.
  bool take(std::size_t size, std::size_t leave = 0) noexcept {
    if (left() < leave || left() - leave < size) return false;
    used_ += size;
    return true;
  }
  /// For what is small and cannot be done without.
  void take_anyway(std::size_t size) noexcept { used_ += size; }
  void give_back(std::size_t size) noexcept { used_ -= size; }

  std::size_t used() const noexcept { return used_; }
  std::size_t left() const noexcept { return used_ < most_ ? most_ - used_ : 0; }
  std::size_t most() const noexcept { return most_; }
  bool is_full() const noexcept { return left() == 0; }
  /// More than half is used: what is held only for the next use must be given back. So what idle parsers
  /// hold is never more than that half.
  bool is_tight() const noexcept { return used_ > most_ / 2; }

 private:
  std::size_t most_;
  std::size_t used_ = 0;
};

/// Bytes that are appended to as far as a budget lets. The budget outlives them. The first `fixed` of them
/// need no budget.
class BudgetedBytes {
 public:
  explicit BudgetedBytes(MemoryBudget& budget, std::size_t fixed = 0);
  ~BudgetedBytes() { budget_.give_back(capacity_ - fixed_); }
  BudgetedBytes(const BudgetedBytes&) = delete;
  BudgetedBytes& operator=(const BudgetedBytes&) = delete;

  /// False, and nothing is appended: the budget does not have the memory. `most`: how many bytes there will
  /// ever be; `leave`: of the budget, for others.
  bool append(Bytes bytes, std::size_t most, std::size_t leave = 0);
  /// Keeps the memory.
  void clear() noexcept { size_ = 0; }
  /// Takes bytes off the end, at most all; keeps the memory.
  void shorten(std::size_t by) noexcept { size_ -= by < size_ ? by : size_; }
  /// Empties it and gives its memory back, but for the fixed part.
  void release();

  Bytes bytes() const noexcept { return {bytes_.get(), size_}; }
  std::size_t size() const noexcept { return size_; }
  std::size_t capacity() const noexcept { return capacity_; }

 private:
  void move_to(std::size_t capacity);

  MemoryBudget& budget_;
  std::size_t fixed_;
  std::unique_ptr<std::uint8_t[]> bytes_;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

}  // namespace bansoko::proto
