// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <utility>

namespace bansoko {

/// A read-only value that one thread replaces and many threads read.
///
/// Each reader keeps its own Reader and calls get() once per batch: one relaxed
/// load when nothing changed, one short lock when something did. The old value
/// dies with the last reader that still holds it.
template <class T>
class Published {
 public:
  explicit Published(std::shared_ptr<const T> first) : value_(std::move(first)) {}

  void publish(std::shared_ptr<const T> next) {
    {
      const std::scoped_lock lock(mutex_);
      value_.swap(next);
      generation_.fetch_add(1, std::memory_order_relaxed);
    }  // `next` now holds the old value: it is freed here, outside the lock
  }

  class Reader {
   public:
    explicit Reader(const Published& from) : from_(from) {}

    const T& get() {
      if (const auto now = from_.generation_.load(std::memory_order_relaxed); now != seen_) {
        const std::scoped_lock lock(from_.mutex_);
        held_ = from_.value_;
        seen_ = from_.generation_.load(std::memory_order_relaxed);
      }
      return *held_;
    }

   private:
    const Published& from_;
    std::shared_ptr<const T> held_;
    std::uint64_t seen_ = 0;
  };

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const T> value_;
  std::atomic<std::uint64_t> generation_{1};
};

}  // namespace bansoko
