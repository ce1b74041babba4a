// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "shield/proto/memory_budget.h"

namespace bansoko::proto::rpc {

/// Over TCP (RFC 5531 section 11): takes the stream of one side apart into messages, each of fragments.
class RecordStream {
 public:
  /// Of a message at most `most` bytes are kept. `budget` outlives it.
  RecordStream(MemoryBudget& budget, std::size_t most) : most_(most), held_(budget, kFixed) {}

  void reset(bool release);
  /// Bytes were lost.
  void lose(std::uint32_t size) noexcept;
  /// Until sync() nobody knows where a message begins.
  bool is_lost() const noexcept { return is_lost_; }
  void sync() noexcept { is_lost_ = false; }

  struct Taken {
    std::size_t used = 0;     // of the bytes given
    bool is_message = false;  // held() is one
    bool is_cut = false;      // what follows of it is left out
    bool has_memory = true;
  };
  Taken take(Bytes bytes);
  /// Until the next take().
  Bytes held() const noexcept { return held_.bytes(); }
  /// What is at hand of a message that was not told yet.
  bool has_part() const noexcept { return !is_told_ && !is_over_ && held_.size() > 0; }

 private:
  static constexpr std::size_t kFixed = 256;
  static constexpr std::uint8_t kMarkSize = 4;

  Taken take_mark(std::uint8_t byte);
  Taken take_fragment(Bytes bytes);
  void end_fragment(Taken& taken) noexcept;

  std::size_t most_;
  BudgetedBytes held_;
  std::uint32_t mark_ = 0;
  std::uint8_t mark_bytes_ = 0;
  std::uint32_t left_ = 0;  // of the fragment
  bool is_last_ = false, is_told_ = false, is_over_ = false, is_lost_ = false;
};

}  // namespace bansoko::proto::rpc
