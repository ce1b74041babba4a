// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

#include "shield/proto/file_sums.h"
#include "shield/proto/memory_budget.h"
#include "shield/proto/protocol.h"

namespace bansoko::proto::ftp_data {

// What the connection is for: ExpectedFlow::purpose.
inline constexpr std::uint64_t kRetrieve = 1, kStore = 2;

// Progress of both sides.
inline constexpr std::uint8_t kBegun = 1;

/// The memory of one worker's parsers.
class TransferMemory final : public SharedMemory {
 public:
  explicit TransferMemory(std::size_t most) noexcept : budget(most) {}

  MemoryBudget budget;
};

/// A file on its way.
class Transfer final : public Transaction {
 public:
  explicit Transfer(MemoryBudget& budget)
      : content{BudgetedBytes(budget), BudgetedBytes(budget)}, sums{FileSums(budget), FileSums(budget)} {}

  std::uint64_t purpose = 0;  // 0: not known
  std::array<char, ExpectedFlow::kMostLabel> name{};
  std::size_t name_size = 0;
  std::array<BudgetedBytes, 2> content;  // by Side
  std::array<FileSums, 2> sums;
};

/// What rules can see of a transfer.
std::span<const Buffer> buffers() noexcept;

struct TransferLimits {
  std::size_t kept = 0;      // of each file
  std::uint64_t digest = 0;  // the largest file that has one
};

/// Follows one connection: all that a side sends is a file.
class TransferParser final : public Parser {
 public:
  /// `memory` outlives it.
  TransferParser(const TransferLimits& limits, TransferMemory& memory)
      : budget_(memory.budget), limits_(limits), transfer_(memory.budget) {}

  Parsed feed(const StreamChunk& chunk, TransactionSink& sink) noexcept override;
  void end(TransactionSink& sink) noexcept override;
  void reset(const Assignment& assignment) noexcept override;

 private:
  enum class State : std::uint8_t { idle, open, over };

  void begin(TransactionSink& sink);
  bool keep(Side side, Bytes bytes, TransactionSink& sink);
  bool keep_gap(Side side, std::uint64_t size, TransactionSink& sink);
  void complete(TransactionSink& sink);
  void begin_file(Side side);
  void end_file(Side side, bool is_whole, TransactionSink& sink);

  MemoryBudget& budget_;
  TransferLimits limits_;
  std::array<WantedSums, 2> wanted_{};  // by Side
  Transfer transfer_;
  State state_ = State::idle;
  std::array<bool, 2> has_begun_{};  // by Side: a file
  std::array<bool, 2> is_cut_{};     // by Side: what follows is not kept
  std::array<bool, 2> is_last_{};
};

}  // namespace bansoko::proto::ftp_data
