// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "base/bytes.h"
#include "shield/proto/memory_budget.h"

namespace bansoko::proto {

/// Puts the messages of one side of a stream together. A message is one packet or several of them, and a
/// packet is a header and a body. What comes at once is not copied.
class MessageStream {
 public:
  static constexpr std::size_t kMaxHeader = 16;

  enum class Step : std::uint8_t {
    more,       // all is taken
    header,     // header() is whole: begin() or skip() must say what it means
    packet,     // one is over, and nothing else is to be told
    whole,      // message() is whole
    limit,      // message() is as much of it as is kept, and it is longer
    no_memory,  // message() is as much of it as there was memory for
  };

  /// The budget outlives it.
  explicit MessageStream(MemoryBudget& budget) : budget_(budget), held_(budget, kFixed) {}

  /// Takes bytes off the front of `rest` until there is something to tell. `header_size`: of a packet that
  /// would begin there.
  Step next(Bytes& rest, std::size_t header_size) noexcept;

  /// The packet whose header came is a part of a message, the last one if `is_last`. Of a message that begins
  /// with it `keep` bytes are kept.
  void begin(std::uint64_t size, bool is_last, std::size_t keep) noexcept;
  /// The packet whose header came has nothing to do with messages.
  void skip(std::uint64_t size) noexcept;
  /// Bytes were lost. False: where the next packet begins is unknown.
  bool lose(std::uint32_t size) noexcept;
  void reset() noexcept;

  Bytes header() const noexcept { return Bytes(header_).first(header_size_); }
  Bytes message() const noexcept { return message_; }
  bool is_at_header() const noexcept { return !in_body_; }
  /// Some packets of a message have come, and there are more to come.
  bool is_under_way() const noexcept { return is_under_way_; }

 private:
  static constexpr std::size_t kFixed = 256;  // held without asking the budget

  Step take_body(Bytes& rest) noexcept;
  void end_packet() noexcept;

  MemoryBudget& budget_;
  BudgetedBytes held_;
  Bytes message_ = {};
  std::array<std::uint8_t, kMaxHeader> header_{};
  std::uint8_t header_size_ = 0;
  bool in_body_ = false;
  bool is_apart_ = false;
  bool is_last_ = false;
  bool is_under_way_ = false;
  bool is_kept_ = false;
  std::size_t keep_ = 0;
  std::uint64_t left_ = 0;  // of the packet's body
};

}  // namespace bansoko::proto
