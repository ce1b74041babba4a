// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include "base/bytes.h"
#include "shield/proto/memory_budget.h"
#include "shield/proto/protocol.h"

namespace bansoko::proto::tds {

/// The type of a packet ([MS-TDS] section 2.2.3.1.1).
enum PacketType : std::uint8_t {
  sql_batch = 1,
  legacy_login = 2,
  rpc_request = 3,
  tabular_result = 4,
  attention = 6,
  bulk_load = 7,
  federated_token = 8,
  transaction_manager = 14,
  tds5_tokens = 15,
  login7 = 16,
  sspi = 17,
  prelogin = 18,
};

/// The texts of a LOGIN7 ([MS-TDS] section 2.2.6.4), in the order of its offsets. The password is left out.
enum class LoginText : std::uint8_t { host, user, application, server, library, language, database, count };

/// Numbers that a message has several of: the first of them.
class Numbers {
 public:
  void add(std::uint32_t number) noexcept {
    if (size_ < all_.size()) all_[size_++] = number;
  }
  void clear() noexcept { size_ = 0; }
  std::optional<std::uint64_t> at(unsigned i) const noexcept {
    return i < size_ ? std::optional<std::uint64_t>(all_[i]) : std::nullopt;
  }

 private:
  std::array<std::uint32_t, 8> all_{};
  std::uint8_t size_ = 0;
};

/// One message, of either side. What it does not have is nothing.
struct TdsMessage final : Transaction {
  explicit TdsMessage(MemoryBudget& budget) : text(budget, kFixed), joined(budget) {}
  void clear(bool release) noexcept;

  /// A part of `text`.
  struct Part {
    std::size_t from = 0, size = 0;
  };
  static constexpr std::size_t kFixed = 512;
  static constexpr std::size_t kMostCalls = 8;

  std::optional<std::uint64_t> type = {}, size = {};

  // PRELOGIN, and the server's answer to it.
  std::optional<std::uint64_t> prelogin_version = {}, encryption = {};
  std::optional<Bytes> instance = {};

  // LOGIN7.
  std::optional<std::uint64_t> version = {}, packet_size = {};
  std::array<std::optional<Part>, static_cast<std::size_t>(LoginText::count)> login = {};

  // SQL batches and RPC requests, which may have several calls.
  std::array<std::optional<Part>, kMostCalls> statements = {};
  std::array<std::optional<Bytes>, kMostCalls> raw_statements = {};
  std::array<std::optional<Part>, kMostCalls> procedures = {};
  Numbers procedure_ids = {};

  // Results: of ERROR and INFO ([MS-TDS] section 2.2.7).
  Numbers errors = {}, notices = {};

  BudgetedBytes text;    // UTF-8 of all that is told
  BudgetedBytes joined;  // a value that comes in chunks
};

/// The tables of buffers and fields.
std::span<const Buffer> tds_buffers() noexcept;
std::span<const Field> tds_fields() noexcept;

}  // namespace bansoko::proto::tds
