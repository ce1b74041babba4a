// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "shield/proto/memory_budget.h"
#include "shield/proto/protocol.h"
#include "shield/proto/telnet/limits.h"

namespace bansoko::proto::telnet {

/// Progress of the conversation: a side has said something.
inline constexpr std::uint8_t kSaid = 10;

/// A command or the conversation: one table of buffers and fields is about both.
struct TelnetTransaction : Transaction {
  explicit TelnetTransaction(bool about_command) noexcept : is_command(about_command) {}

  bool is_command;
};

/// One command, with what it negotiates.
class Negotiation final : public TelnetTransaction {
 public:
  /// `budget` outlives it.
  Negotiation(const Limits& limits, MemoryBudget& budget);

  void begin(std::uint8_t code) noexcept;
  void release();
  /// Of a sub-negotiation, behind the option. False: there is no memory.
  bool append(std::uint8_t byte);
  /// Reads the environment variables that it sets. False: there are more than the limit.
  bool read_variables();

  Bytes content() const noexcept { return content_.bytes(); }
  /// "NAME=value".
  std::optional<Bytes> variable(std::size_t place) const noexcept;

  std::uint8_t command = 0;
  std::optional<std::uint8_t> option;
  std::uint64_t length = 0;  // of a sub-negotiation, as long as it was looked into

 private:
  bool add_variable(ByteReader& in, std::uint8_t value_mark);

  std::size_t most_size_;
  BudgetedBytes content_, variables_;
  std::vector<std::uint32_t> ends_;  // of each variable
  std::size_t count_ = 0;
};

/// What both sides say beside commands.
struct Conversation final : TelnetTransaction {
  explicit Conversation(MemoryBudget& budget)
      : TelnetTransaction(false), data{BudgetedBytes(budget, kFixed), BudgetedBytes(budget, kFixed)} {}

  static constexpr std::size_t kFixed = 256;
  std::array<BudgetedBytes, 2> data;  // by Side
};

std::span<const Buffer> buffers() noexcept;
std::span<const Field> fields() noexcept;

}  // namespace bansoko::proto::telnet
