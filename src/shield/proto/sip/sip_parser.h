// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

#include "shield/proto/memory_budget.h"
#include "shield/proto/sip/message.h"

namespace bansoko::proto::sip {

/// What the parsers of one worker share.
class SipMemory final : public SharedMemory {
 public:
  explicit SipMemory(const Limits& limits) : budget(limits.memory), message(limits) {}

  MemoryBudget budget;
  SipMessage message;
};

/// Over TCP: takes the stream of one side apart into messages (RFC 3261 section 18.3).
class MessageStream {
 public:
  /// `budget` outlives it.
  MessageStream(const Limits& limits, MemoryBudget& budget) : most_(limits.message), held_(budget, kFixed) {}

  void reset(bool release);
  /// Bytes were lost: the next start line is looked for.
  void lose() noexcept;

  enum class Event : std::uint8_t {
    none,
    head,   // it is whole: begin_body() must follow
    whole,  // the message
    cut,    // what is held is all there will be of it
  };
  struct Taken {
    std::size_t used = 0;  // of the bytes given
    Event event = Event::none;
    bool has_memory = true;
  };
  Taken take(Bytes bytes) noexcept;
  /// Of the message under way, until the next call of another function.
  std::string_view held() const noexcept { return as_text(held_.bytes()); }
  bool is_within() const noexcept { return state_ == State::head || state_ == State::body; }
  void begin_body(std::uint64_t size) noexcept;

 private:
  enum class State : std::uint8_t { between, head, body, rest_of_head, rest_of_body, lost };
  static constexpr std::size_t kFixed = 512;

  Taken take_head(Bytes bytes) noexcept;
  Taken take_body(Bytes bytes) noexcept;
  Taken take_rest(Bytes bytes) noexcept;
  Taken take_lost(Bytes bytes) noexcept;
  std::size_t size_of_head(Bytes bytes) noexcept;

  std::size_t most_;
  BudgetedBytes held_;
  State state_ = State::between;
  std::uint64_t body_left_ = 0;
  bool is_line_empty_ = false, ends_head_ = false;
  bool is_told_ = false;  // held_ is to be emptied
};

class SipParser final : public Parser {
 public:
  /// `memory` outlives it.
  SipParser(const Limits& limits, SipMemory& memory)
      : memory_(memory),
        streams_{MessageStream(limits, memory.budget), MessageStream(limits, memory.budget)} {}

  Parsed feed(const StreamChunk& chunk, TransactionSink& sink) noexcept override;
  void end(TransactionSink&) noexcept override {}
  void reset(const Assignment& assignment) noexcept override;

 private:
  Parsed feed_stream(const StreamChunk& chunk, TransactionSink& sink) noexcept;
  AnomalyBits read(std::string_view text, bool is_cut, Side from, TransactionSink& sink) noexcept;

  SipMemory& memory_;
  std::array<MessageStream, 2> streams_;
  std::uint64_t next_id_ = 0;
  bool is_stream_ = false;
};

}  // namespace bansoko::proto::sip
