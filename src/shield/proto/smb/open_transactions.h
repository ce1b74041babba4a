// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/bytes.h"
#include "shield/proto/memory_budget.h"
#include "shield/proto/smb/transaction_part.h"

namespace bansoko::proto::smb {

/// The first four bytes of something that arrives in parts, in any order.
class Prefix {
 public:
  /// `bytes` belong at `displacement`. The first copy of a byte wins.
  void put(std::uint64_t displacement, Bytes bytes) noexcept;
  std::optional<std::uint16_t> u16le_at(std::size_t offset) const noexcept;
  std::optional<std::uint32_t> u32le() const noexcept;

 private:
  std::array<std::uint8_t, 4> bytes_{};
  std::uint8_t known_ = 0;  // a bit per byte
};

/// What a server uses to tell which transaction a further message belongs to ([MS-CIFS] section 3.2.4.1.5).
/// The upper half of the process id is left out: Windows does not compare it, so one that differs must not
/// hide a continuation.
struct TransactionKey {
  std::uint16_t process = 0;
  std::uint16_t multiplex = 0;
  std::uint16_t tree = 0;
  std::uint16_t user = 0;

  bool operator==(const TransactionKey&) const = default;
};

/// A transaction some of whose parts are still to come.
struct OpenTransaction {
  TransactionKey key = {};
  std::uint8_t kind = 0;     // the command that began it
  bool kinds_mixed = false;  // begun again by another kind before it was answered
  bool has_setup = false;
  std::uint16_t setup = 0;
  std::uint16_t second_setup = 0;
  std::uint16_t function = 0;        // of an NT_TRANSACT
  std::uint32_t max_parameters = 0;  // that the client would accept in the answer
  std::uint32_t max_data = 0;        // likewise
  std::uint32_t answers_ahead = 0;   // answers to come that belong to other requests with the same key
  std::uint32_t total_parameters = 0;
  std::uint32_t total_data = 0;
  std::uint64_t parameters_arrived = 0;
  std::uint64_t data_arrived = 0;
  Prefix parameters = {};
  Prefix data = {};

  /// The server has every part and begins to work.
  bool is_whole() const noexcept {
    return parameters_arrived >= total_parameters && data_arrived >= total_data;
  }
  /// More has come than it stated.
  bool is_overfull() const noexcept {
    return parameters_arrived > total_parameters || data_arrived > total_data;
  }
  /// SizeOfListInBytes of an SMB_FEA_LIST ([MS-CIFS] section 2.2.1.2.2.1) with which the data begins; nothing
  /// when it has none, or its bytes have not come yet.
  std::optional<std::uint32_t> fea_list_size() const noexcept;
};

/// The transactions of one connection that are not whole yet, as far as a limit and a budget let.
class OpenTransactions {
 public:
  OpenTransactions(std::size_t limit, MemoryBudget& budget) noexcept : budget_(budget), limit_(limit) {}
  ~OpenTransactions() { release(); }
  OpenTransactions(const OpenTransactions&) = delete;
  OpenTransactions& operator=(const OpenTransactions&) = delete;

  OpenTransaction* find(const TransactionKey& key) noexcept;
  /// It came whole, in one message or in several, the server has not begun to answer it, and this further
  /// part would lie within what was made room for: servers refuse others.
  bool is_at_work(const TransactionKey& key, const TransactionPart& more) const noexcept;
  /// Notes a request that begins a transaction. False: the limit is reached, and it is not followed.
  bool begin(const TransactionKey& key, const TransactionPart& part) noexcept;
  /// Notes that the server has begun to answer one.
  void answered(const TransactionKey& key) noexcept;
  void clear() noexcept;
  /// Forgets them and gives the memory back.
  void release() noexcept;
  std::size_t size() const noexcept { return open_.size(); }

 private:
  struct AtWork {
    TransactionKey key = {};
    bool is_waiting = false;
    std::uint32_t room_for_parameters = 0;
    std::uint32_t room_for_data = 0;
  };

  /// Whether there is room for one more.
  bool make_room() noexcept;
  void forget_a_whole_one() noexcept;

  MemoryBudget& budget_;
  std::vector<OpenTransaction> open_;
  std::size_t limit_;
  std::array<AtWork, 64> at_work_{};  // came in one message, the latest; servers work at 50 at most
  std::size_t next_at_work_ = 0;
};

/// The transaction that a first message begins.
OpenTransaction begun_by(const TransactionKey& key, const TransactionPart& part) noexcept;

}  // namespace bansoko::proto::smb
