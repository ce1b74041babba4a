// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "shield/proto/memory_budget.h"
#include "shield/proto/message_stream.h"
#include "shield/proto/protocol.h"

namespace bansoko::proto {

/// What the header of a packet says of it.
struct Framing {
  std::uint64_t size = 0;         // of its body
  bool is_last = true;            // the message ends with it
  bool is_apart = false;          // it is no part of any message
  std::size_t wanted = SIZE_MAX;  // of a message that begins with it: bytes that are to be looked into
};

/// What every MessageParser can be told in the settings, in this order.
struct MessageLimits {
  std::size_t message_size = 0;
  std::size_t memory = 0;
};

/// What the MessageParsers of one protocol in one worker share.
struct MessageMemory final : SharedMemory {
  explicit MessageMemory(std::size_t most) noexcept : budget(most) {}
  MemoryBudget budget;
};

/// A parser for protocols over TCP in which both sides send packets with a length in their header, of which
/// messages are made. Each message is a transaction: told when it is whole, or when as much of it is at hand
/// as there may be, and over at once.
class MessageParser : public Parser {
 public:
  /// What a protocol's table of anomalies begins with.
  enum CommonAnomaly : std::uint8_t { gap, message_limit, memory_limit, malformed_header, first_own };

  /// The budget outlives it.
  MessageParser(const MessageLimits& limits, MemoryBudget& budget)
      : limits_(limits), streams_{MessageStream(budget), MessageStream(budget)} {}

  Parsed feed(const StreamChunk& chunk, TransactionSink& sink) noexcept final;
  void end(TransactionSink&) noexcept final {}
  void reset(const Assignment& assignment) noexcept final;

 protected:
  /// Of the packet that begins with the byte `first`.
  virtual std::size_t header_size(Side side, std::uint8_t first) const noexcept = 0;
  /// Nothing: it is no packet of this protocol.
  virtual std::optional<Framing> read_header(Side side, Bytes header) noexcept = 0;
  /// `is_whole`: nothing of it is left out.
  virtual Parsed read_message(Side side, Bytes message, bool is_whole, TransactionSink& sink) noexcept = 0;
  virtual void begin_flow(const Assignment& assignment) noexcept = 0;
  /// Bytes of that side were lost.
  virtual void miss(Side) noexcept {}

  /// The message is a transaction, and over.
  void tell(Transaction& message, Side side, TransactionSink& sink) noexcept;
  /// What follows the message is of that protocol. To be returned.
  Parsed hand_over(std::string_view protocol, TransactionSink& sink) const noexcept;
  /// What that side says from here on is opaque.
  void stop(Side side) noexcept { stopped_[flow::index(side)] = true; }
  /// The packet whose header has just come goes on with a message.
  bool is_continued(Side side) const noexcept { return streams_[flow::index(side)].is_under_way(); }
  const MessageLimits& limits() const noexcept { return limits_; }

 private:
  Parsed take(Side side, MessageStream::Step step, TransactionSink& sink) noexcept;

  MessageLimits limits_;
  std::array<MessageStream, 2> streams_;      // by Side
  std::array<std::size_t, 2> wanted_{};       // by Side: of the message under way
  std::array<std::size_t, 2> header_size_{};  // by Side: of the packet under way
  std::array<bool, 2> stopped_{};
  std::uint64_t next_id_ = 0;
  std::size_t left_ = 0;  // of the chunk at hand
};

constexpr Limit message_size_limit(std::uint64_t bytes) noexcept {
  return {"message_size", "bytes looked into of a message", bytes, 1 << 10, 16 << 20, true};
}

constexpr Limit message_memory_limit() noexcept {
  return {
      "memory",
      "for messages that come in parts, per worker; when it is used up, of such a message what is at hand "
      "is looked into",
      16 << 20,
      1 << 20,
      1ULL << 40,
      true};
}

/// From the settings, or from the table where they say nothing.
inline MessageLimits read_message_limits(std::span<const std::uint64_t> set,
                                         std::span<const Limit> table) noexcept {
  const auto at = [&](std::size_t i) {
    return static_cast<std::size_t>(i < set.size() ? set[i] : table[i].value);
  };
  return {.message_size = at(0), .memory = at(1)};
}

}  // namespace bansoko::proto
