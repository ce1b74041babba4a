// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

#include "shield/proto/protocol.h"
#include "shield/proto/tls/handshake.h"
#include "shield/proto/tls/record_reader.h"

namespace bansoko::proto::tls {

struct Limits {
  std::size_t message_size = 0;
  std::size_t hellos = 0;
  std::size_t memory = 0;
};

/// Follows a connection until it is encrypted.
class TlsParser final : public Parser {
 public:
  /// `memory` outlives it.
  TlsParser(const Limits& limits, TlsMemory& memory);

  Parsed feed(const StreamChunk& chunk, TransactionSink& sink) noexcept override;
  void end(TransactionSink& sink) noexcept override;
  void reset(const Assignment& assignment) noexcept override;

 private:
  /// A message of the handshake under way.
  struct Message {
    std::uint8_t header_size = 0;
    std::uint32_t header = 0;  // its type and length
    std::uint32_t left = 0;
    BudgetedBytes* into = nullptr;  // null: nobody looks into it

    std::uint8_t type() const noexcept { return static_cast<std::uint8_t>(header >> 24U); }
  };
  /// The first bytes of a record that becomes a notice.
  struct NoticeStart {
    std::array<std::uint8_t, 3> bytes{};
    std::uint8_t size = 0;
  };
  struct SideState {
    RecordReader records;
    Message message;
    NoticeStart notice;
    std::size_t hellos = 0;
    bool is_opaque = false;            // encrypted, or lost
    bool has_changed = false;          // it has sent a ChangeCipherSpec
    std::uint32_t heartbeat_size = 0;  // of the last request's record
  };

  Parsed take(const Piece& piece, Side side, TransactionSink& sink) noexcept;
  Parsed take_messages(Bytes bytes, Side side, TransactionSink& sink) noexcept;
  Parsed take_sslv2(const Piece& piece, Side side, TransactionSink& sink) noexcept;
  void take_application_data(Side side) noexcept;
  void take_notice(const Piece& piece, Side side, TransactionSink& sink) noexcept;

  Parsed begin_message(Side side, TransactionSink& sink) noexcept;
  Parsed begin_hello(Side side, TransactionSink& sink) noexcept;
  void keep(Bytes bytes, Side side, TransactionSink& sink) noexcept;
  void read_message(Side side, TransactionSink& sink) noexcept;
  void end_message(Side side, TransactionSink& sink) noexcept;
  void read_chain(Flight& flight, Faults& faults) noexcept;
  void advance(Side side, std::uint8_t step, TransactionSink& sink) noexcept;
  void server_has_chosen() noexcept;

  void judge_notice(Side side, Faults& faults) noexcept;
  void judge_heartbeat(Side side, Faults& faults) noexcept;
  bool is_early_change(Side side) const noexcept;
  bool may_be_tls13() const noexcept;

  Flight& flight(Side side) noexcept { return handshake_.flights[flow::index(side)]; }
  const Flight& flight(Side side) const noexcept { return handshake_.flights[flow::index(side)]; }
  SideState& state(Side side) noexcept { return sides_[flow::index(side)]; }
  const SideState& state(Side side) const noexcept { return sides_[flow::index(side)]; }
  void open() noexcept;

  Limits limits_;
  MemoryBudget& budget_;
  Handshake handshake_;
  Notice notice_;
  std::array<SideState, 2> sides_{};
  std::uint64_t next_id_ = 0;
  bool is_open_ = false;      // handshake_ has begun
  bool is_full_ = false;      // the server wants a key exchange
  bool has_keys_ = false;     // the client has sent one
  bool has_retried_ = false;  // the server has asked for another hello
};

}  // namespace bansoko::proto::tls
