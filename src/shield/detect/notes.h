// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/lazy_array.h"
#include "shield/flow/flow.h"

namespace bansoko::detect {

/// A rule that has its literal in a stream but not yet everything else.
struct PendingInStream {
  std::uint64_t hit_at;  // no earlier than the literal's place in the stream
  std::uint32_t rule;
};

/// What is remembered of one flow between packets. All zero: nothing.
struct FlowNotes {
  static constexpr std::size_t kMaxPending = 12;
  struct Side {
    std::uint8_t pending_count;
    bool asked_once;  // the rules about addresses alone
    bool overflowed;  // more were pending than are kept: all that is in view is to be searched again
    std::array<PendingInStream, kMaxPending> pending;
  };
  std::uint64_t generation;
  std::array<Side, 2> side;
};

/// What is remembered of one side of a transaction.
struct TransactionNotes {
  static constexpr std::size_t kMaxGrowing = 4;
  std::uint64_t generation;
  std::uint64_t marks;  // a bit per mark on the transaction
  std::array<std::uint32_t, kMaxGrowing>
      grown;              // bytes of each growing buffer scanned so far, in table order
  std::uint32_t block;    // first block of candidates; 0: none
  std::uint16_t count;    // candidates in all blocks
  std::uint8_t progress;  // up to which buffers were searched and candidates evaluated
};

/// A rule under way in a transaction. It may wait for a content that is not in the first `seen` bytes of a
/// growing buffer, or for more of the stream.
struct Candidate {
  std::uint32_t rule = 0;
  std::uint32_t seen = 0;    // 0: it waits for nothing in particular
  std::uint32_t resume = 0;  // of the growing buffer of `part`: Evaluator::resume()
  std::uint32_t look = 0;    // at the stream, in which it did not find what it looks for there; 0: none
  std::uint8_t part = 0;     // of the rule
  std::uint8_t step = 0;     // of that part: the content
  bool matched = false;      // already
};

/// Candidates of a transaction, a few at a time.
struct CandidateBlock {
  static constexpr std::size_t kSize = 10;
  std::array<Candidate, kSize> candidates;
  std::uint32_t next;
};

/// Fixed numbers of T, given out by index from 1.
template <class T>
class IndexPool {
 public:
  explicit IndexPool(std::uint32_t size) : items_(std::size_t{size} + 1), next_(std::size_t{size} + 1) {}

  /// 0: none left. The item is zeroed.
  std::uint32_t take() noexcept {
    std::uint32_t index = free_;
    if (index != 0) {
      free_ = next_[index];
    } else if (fresh_ < items_.size()) {
      index = fresh_++;
    } else {
      return 0;
    }
    items_[index] = T{};
    ++used_;
    return index;
  }
  void give(std::uint32_t index) noexcept {
    next_[index] = free_;
    free_ = index;
    --used_;
  }
  T& operator[](std::uint32_t index) noexcept { return items_[index]; }
  std::size_t used() const noexcept { return used_; }

 private:
  LazyArray<T> items_;
  LazyArray<std::uint32_t> next_;
  std::uint32_t free_ = 0;
  std::uint32_t fresh_ = 1;
  std::size_t used_ = 0;
};

/// A bit per name and flow.
class FlowBits {
 public:
  FlowBits(std::uint32_t flows, std::uint32_t names)
      : words_((std::size_t{names} + 63) / 64), bits_(flows * words_), used_(flows) {}

  bool has(std::uint32_t slot, std::uint32_t bit) noexcept {
    return (word(slot, bit) >> (bit % 64) & 1) != 0;
  }
  void set(std::uint32_t slot, std::uint32_t bit) noexcept {
    word(slot, bit) |= std::uint64_t{1} << (bit % 64);
    used_[slot] = true;
  }
  void unset(std::uint32_t slot, std::uint32_t bit) noexcept {
    word(slot, bit) &= ~(std::uint64_t{1} << (bit % 64));
  }
  void clear(std::uint32_t slot) noexcept {
    if (!used_[slot]) return;
    for (std::size_t i = 0; i < words_; ++i) bits_[slot * words_ + i] = 0;
    used_[slot] = false;
  }

 private:
  std::uint64_t& word(std::uint32_t slot, std::uint32_t bit) noexcept {
    return bits_[slot * words_ + bit / 64];
  }

  std::size_t words_;
  LazyArray<std::uint64_t> bits_;
  LazyArray<bool> used_;
};

}  // namespace bansoko::detect
