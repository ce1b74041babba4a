// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "shield/proto/redis/command_reader.h"
#include "shield/proto/redis/reply_reader.h"

namespace bansoko::proto::redis {

/// The memory of one worker's parsers.
class RedisMemory final : public SharedMemory {
 public:
  explicit RedisMemory(std::size_t most) noexcept : budget(most) {}

  MemoryBudget budget;
};

/// Follows a connection to a Redis server (the RESP specification of redis.io, versions 2 and 3). Each
/// command and each reply is a transaction: which reply is to which command depends on what clients ask for.
class RedisParser final : public Parser, private Listener {
 public:
  /// `memory` outlives it.
  RedisParser(const Limits& limits, RedisMemory& memory)
      : budget_(memory.budget), commands_(limits, budget_), replies_(limits, budget_) {}

  Parsed feed(const StreamChunk& chunk, TransactionSink& sink) noexcept override;
  void end(TransactionSink&) noexcept override {}
  void reset(const Assignment& assignment) noexcept override;

 private:
  void on_message(Message& message, Side side) noexcept override;
  void on_anomaly(Side side, Anomaly anomaly) noexcept override;

  MemoryBudget& budget_;
  CommandReader commands_;
  ReplyReader replies_;
  std::uint64_t next_id_ = 0;
  TransactionSink* sink_ = nullptr;  // during a call
};

}  // namespace bansoko::proto::redis
