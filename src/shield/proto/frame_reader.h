// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "base/bytes.h"
#include "shield/proto/memory_budget.h"

namespace bansoko::proto {

/// What the first bytes of a message may say of its size, beside the size itself.
inline constexpr std::uint64_t kSizeUnknown = 0, kNoFrame = ~std::uint64_t{0};

/// The size of the message that `bytes` begin with, these first ones included; kSizeUnknown: more of them are
/// needed, of 32 at most; kNoFrame: they begin none.
using MeasureFrame = std::uint64_t (*)(Bytes bytes) noexcept;

/// Cuts one side's stream into messages that state their size. Where they are cut does not depend on how the
/// stream was, unless bytes were lost.
class FrameReader {
 public:
  /// Of a message longer than `most` the first `most` bytes are given, as soon as they are there; the rest is
  /// passed over. `budget` outlives the reader.
  FrameReader(MemoryBudget& budget, std::size_t most, MeasureFrame measure)
      : most_(most), measure_(measure), held_(budget, kFixed) {}

  struct Taken {
    std::size_t used = 0;             // of the bytes given
    std::optional<Bytes> frame = {};  // until the next call
    bool is_short_of_memory = false;  // the frame ends where the budget did
    bool is_too_long = false;         // the frame ends at `most`
    bool is_no_frame = false;         // what comes now begins no message
  };
  Taken take(Bytes bytes) noexcept;

  /// Bytes were lost. The next message is where it was to be if they were all of the one under way; else at
  /// the first piece of the stream that begins like one.
  void lose(std::uint32_t size) noexcept;
  void reset(bool release) noexcept;

 private:
  static constexpr std::size_t kFixed = 256;

  Taken take_first(std::uint8_t byte) noexcept;
  void begin_next() noexcept;

  std::size_t most_;
  MeasureFrame measure_;
  BudgetedBytes held_;
  std::uint64_t size_ = kSizeUnknown;  // of the message under way
  std::uint64_t received_ = 0;
  bool is_passed_over_ = false;  // what is left of it is not looked at
  bool is_lost_ = false;
};

}  // namespace bansoko::proto
