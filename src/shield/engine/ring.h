// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <bit>
#include <cstddef>

#include "base/lazy_array.h"

namespace bansoko::engine {

/// A queue of fixed size between one thread that puts and one that takes. Neither ever waits.
template <class T>
class Ring {
 public:
  /// Holds at least `size` entries; their memory is reserved here.
  explicit Ring(std::size_t size) : slots_(std::bit_ceil(size)) {}

  /// False: full, `entry` is lost.
  bool put(const T& entry) noexcept {
    const std::size_t tail = tail_.load(std::memory_order_relaxed);
    if (tail - head_.load(std::memory_order_acquire) == slots_.size()) return false;
    slots_[tail & (slots_.size() - 1)] = entry;
    tail_.store(tail + 1, std::memory_order_release);
    return true;
  }

  /// False: empty.
  bool take(T& entry) noexcept {
    const std::size_t head = head_.load(std::memory_order_relaxed);
    if (head == tail_.load(std::memory_order_acquire)) return false;
    entry = slots_[head & (slots_.size() - 1)];
    head_.store(head + 1, std::memory_order_release);
    return true;
  }

  std::size_t capacity() const noexcept { return slots_.size(); }

 private:
  static constexpr std::size_t kCacheLine = 64;

  LazyArray<T> slots_;
  alignas(kCacheLine) std::atomic<std::size_t> head_{0};
  alignas(kCacheLine) std::atomic<std::size_t> tail_{0};
};

}  // namespace bansoko::engine
