// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

#include "shield/proto/telnet/transactions.h"

namespace bansoko::proto::telnet {

/// The memory of one worker's parsers.
class TelnetMemory final : public SharedMemory {
 public:
  explicit TelnetMemory(std::size_t most) noexcept : budget(most) {}

  MemoryBudget budget;
};

/// Follows a Telnet connection (RFC 854, RFC 855). Each command is a transaction; what is said beside them is
/// one of the whole connection.
class TelnetParser final : public Parser {
 public:
  /// `memory` outlives it.
  TelnetParser(const Limits& limits, TelnetMemory& memory)
      : limits_(limits),
        budget_(memory.budget),
        conversation_(budget_),
        sides_{SideState(limits, budget_), SideState(limits, budget_)} {}

  Parsed feed(const StreamChunk& chunk, TransactionSink& sink) noexcept override;
  void end(TransactionSink& sink) noexcept override;
  void reset(const Assignment& assignment) noexcept override;

 private:
  enum class State : std::uint8_t { data, command, option, content_option, content, content_command };

  struct SideState {
    SideState(const Limits& limits, MemoryBudget& budget) : negotiation(limits, budget) {}

    State state = State::data;
    Negotiation negotiation;
    bool is_told = false;      // the sub-negotiation under way
    bool is_data_cut = false;  // no more data is kept
    bool has_news = false;     // data that was not told
  };

  void take(Side side, std::uint8_t byte);
  void take_data(Side side, Bytes bytes);
  void take_command(Side side, std::uint8_t byte);
  void take_content(Side side, std::uint8_t byte);
  void take_content_command(Side side, std::uint8_t byte);
  void tell_subnegotiation(Side side);
  void tell_command(Side side);
  void tell_data(Side side);
  void tell(Side side, Anomaly anomaly) noexcept {
    sink_->on_anomaly(side, static_cast<std::size_t>(anomaly));
  }
  SideState& at(Side side) noexcept { return sides_[flow::index(side)]; }

  Limits limits_;
  MemoryBudget& budget_;
  Conversation conversation_;
  std::array<SideState, 2> sides_;
  std::uint64_t next_id_ = 0;
  bool is_open_ = false;             // conversation_ has begun
  TransactionSink* sink_ = nullptr;  // during a call
};

}  // namespace bansoko::proto::telnet
