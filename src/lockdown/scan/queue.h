// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <utility>
#include <vector>

namespace bansoko::scan {

/// Hands values from one thread to several; who gives more than `capacity` waits.
template <class T>
class Queue {
 public:
  explicit Queue(std::size_t capacity) noexcept : capacity_(capacity) {}

  /// False: it was closed, and the value is dropped.
  bool give(T value) {
    std::unique_lock lock(guard_);
    room_.wait(lock, [&] { return closed_ || values_.size() < capacity_; });
    if (closed_) return false;
    values_.push_back(std::move(value));
    filled_.notify_one();
    return true;
  }

  /// At most `most`, waiting for the first; none: it was closed and is empty.
  std::vector<T> take(std::size_t most) {
    std::unique_lock lock(guard_);
    filled_.wait(lock, [&] { return closed_ || !values_.empty(); });
    std::vector<T> taken;
    while (!values_.empty() && taken.size() < most) {
      taken.push_back(std::move(values_.front()));
      values_.pop_front();
    }
    room_.notify_all();
    return taken;
  }

  /// No more will be given; what is there can still be taken.
  void close() {
    const std::scoped_lock lock(guard_);
    closed_ = true;
    filled_.notify_all();
    room_.notify_all();
  }

 private:
  std::size_t capacity_;
  std::mutex guard_;
  std::condition_variable filled_, room_;
  std::deque<T> values_;
  bool closed_ = false;
};

}  // namespace bansoko::scan
