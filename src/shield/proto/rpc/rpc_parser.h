// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "shield/proto/rpc/message.h"
#include "shield/proto/rpc/record_stream.h"

namespace bansoko::proto::rpc {

/// What the parsers of one worker share.
class RpcMemory final : public SharedMemory {
 public:
  explicit RpcMemory(const Limits& limits) : budget(limits.memory), message(limits) {}

  MemoryBudget budget;
  RpcMessage message;
};

/// Calls that were not answered yet, of one flow.
class OpenCalls {
 public:
  explicit OpenCalls(std::size_t most) : calls_(most) {}

  void clear() noexcept { count_ = 0; }
  /// False: the oldest was forgotten for it.
  bool add(Side caller, std::uint32_t xid, const Procedure& procedure) noexcept;
  /// What that side has called by this number; it is open no longer.
  std::optional<Procedure> take(Side caller, std::uint32_t xid) noexcept;

 private:
  struct Call {
    Side caller = Side::client;
    std::uint32_t xid = 0;
    Procedure procedure = {};
  };

  std::vector<Call> calls_;  // the first count_ are open, oldest first
  std::size_t count_ = 0;
};

class RpcParser final : public Parser {
 public:
  /// `memory` outlives it.
  RpcParser(const Limits& limits, RpcMemory& memory)
      : memory_(memory),
        calls_(limits.open_calls),
        streams_{RecordStream(memory.budget, limits.message), RecordStream(memory.budget, limits.message)} {}

  Parsed feed(const StreamChunk& chunk, TransactionSink& sink) noexcept override;
  void end(TransactionSink&) noexcept override {}
  void reset(const Assignment& assignment) noexcept override;

 private:
  void feed_stream(const StreamChunk& chunk, TransactionSink& sink) noexcept;
  void on_message(Bytes bytes, bool is_cut, Side from, TransactionSink& sink) noexcept;
  AnomalyBits match(Side from, std::optional<Procedure>& called) noexcept;

  RpcMemory& memory_;
  OpenCalls calls_;
  std::array<RecordStream, 2> streams_;
  std::uint64_t next_id_ = 0;
  bool is_stream_ = false;
};

/// Whether bytes begin with a call, or with a part of one; over TCP with the marks of fragments.
Guess probe_call(Bytes bytes, Transports transport) noexcept;
/// Likewise a reply, which has less of a mark.
Guess probe_reply(Bytes bytes, Transports transport) noexcept;

}  // namespace bansoko::proto::rpc
