// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "shield/proto/dcerpc/association.h"
#include "shield/proto/dcerpc/datagrams.h"

namespace bansoko::proto::dcerpc {

/// The memory of one worker's parsers.
class CallMemory final : public SharedMemory {
 public:
  explicit CallMemory(std::size_t most) noexcept : budget(most) {}

  MemoryBudget budget;
};

class DcerpcParser final : public Parser {
 public:
  /// `budget` outlives it.
  DcerpcParser(const CallLimits& limits, MemoryBudget& budget)
      : association_(limits, budget), datagrams_(limits, budget) {}

  Parsed feed(const StreamChunk& chunk, TransactionSink& sink) noexcept override {
    const Outlet out{.sink = sink, .next_id = next_id_};
    if (over_udp_) return datagrams_.feed(chunk.from, chunk.bytes(), out);
    if (chunk.gap > 0) association_.lose(chunk.from, chunk.gap, out);
    return association_.feed(chunk.from, chunk.bytes(), out);
  }
  void end(TransactionSink& sink) noexcept override {
    const Outlet out{.sink = sink, .next_id = next_id_};
    association_.end(out);
    datagrams_.end(out);
  }
  void reset(const Assignment& assignment) noexcept override {
    over_udp_ = assignment.transport == kOverUdp;
    association_.reset();
    datagrams_.reset();
    next_id_ = 0;
  }

 private:
  Association association_;
  Datagrams datagrams_;
  std::uint64_t next_id_ = 0;
  bool over_udp_ = false;
};

}  // namespace bansoko::proto::dcerpc
