// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "shield/proto/http/message.h"

namespace bansoko::proto::http {

/// The transactions of one flow: those under way, and idle ones for later use. What all of them but the
/// first hold is taken from the budget. `T` is an HttpTransaction.
template <class T>
class TransactionPool {
 public:
  /// `memory` outlives it.
  explicit TransactionPool(HttpMemory& memory) noexcept : memory_(memory) {}
  ~TransactionPool() {
    live_ = 0;
    drop_idle(0);
  }
  TransactionPool(const TransactionPool&) = delete;
  TransactionPool& operator=(const TransactionPool&) = delete;

  /// Under way, oldest first.
  std::span<const std::unique_ptr<T>> live() const noexcept { return std::span(all_).first(live_); }
  std::size_t size() const noexcept { return live_; }

  T& open(std::uint64_t id) {
    if (live_ == all_.size()) {
      if (live_ >= kFixed) memory_.budget.take_anyway(kSize);
      all_.push_back(std::make_unique<T>(memory_));
      all_.back()->place = all_.size();
    }
    T& transaction = *all_[live_++];
    transaction.id = id;
    return transaction;
  }

  /// It is idle from now on.
  void close(T& transaction) noexcept {
    transaction.reset();
    transaction.shrink_if_tight();
    const auto row = std::find_if(all_.begin(), all_.end(),
                                  [&](const auto& owned) { return owned.get() == &transaction; });
    std::rotate(row, row + 1, all_.begin() + static_cast<std::ptrdiff_t>(live_));
    --live_;
    if (memory_.budget.is_tight()) drop_idle(0);
  }

  /// For another flow: none is under way.
  void reset() noexcept {
    live_ = 0;
    for (const auto& transaction : all_) {
      transaction->reset();
      transaction->shrink();
    }
    // Always in the same order, so that the same talk finds the same memory.
    std::sort(all_.begin(), all_.end(), [](const auto& a, const auto& b) { return a->place < b->place; });
    drop_idle(memory_.budget.is_tight() ? 0 : kKept);
  }

 private:
  static constexpr std::size_t kFixed = 1;  // that every flow may have without asking
  static constexpr std::size_t kKept = 4;   // from one flow to the next
  static constexpr std::size_t kSize = sizeof(T) + T::kFixed;

  void drop_idle(std::size_t keep) noexcept {
    keep = std::max({keep, live_, kFixed});
    for (; all_.size() > keep; all_.pop_back())
      if (all_.size() > kFixed) memory_.budget.give_back(kSize);
  }

  HttpMemory& memory_;
  std::vector<std::unique_ptr<T>> all_;  // the first live_ are under way
  std::size_t live_ = 0;
};

}  // namespace bansoko::proto::http
