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
  bool seals = true;  // what is encrypted is nothing to rules about raw bytes
};

/// Follows a connection until it is encrypted, and then whether it stays so.
///
/// Sealed is a connection of which both hellos were read and, before TLS 1.3, both sides have sent a
/// ChangeCipherSpec; and of that only chunks that hold nothing but application data, in records whose types
/// were seen. To hide plain bytes from rules both ends must thus speak TLS to the end of its handshake and
/// frame what is hidden as its records: a server that does not speak TLS sends no hello of its own, and one
/// that does takes what cannot be decrypted for an attack and ends the connection (RFC 8446 section 5.2).
/// What is no such record (alerts, heartbeats, plain text after TLS has ended, a gap) is looked at as ever.
class TlsParser final : public Parser {
 public:
  /// `memory` outlives it.
  TlsParser(const Limits& limits, TlsMemory& memory);

  Parsed feed(const StreamChunk& chunk, TransactionSink& sink) noexcept override;
  void end(TransactionSink& sink) noexcept override;
  void reset(const Assignment& assignment) noexcept override;
  bool is_sealed() const noexcept override { return is_sealed_ && is_only_data_; }

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
    bool is_lost = false;              // where its records begin is not known any more
    bool has_changed = false;          // it has sent a ChangeCipherSpec
    std::uint32_t heartbeat_size = 0;  // of the last request's record
  };

  Parsed take(const Piece& piece, Side side, TransactionSink& sink) noexcept;
  Parsed take_messages(Bytes bytes, Side side, TransactionSink& sink) noexcept;
  Parsed take_sslv2(const Piece& piece, Side side, TransactionSink& sink) noexcept;
  void take_application_data(Side side) noexcept;
  bool has_agreed() const noexcept;
  Parsed seal(TransactionSink& sink) noexcept;
  void take_notice(const Piece& piece, Side side, TransactionSink& sink) noexcept;

  Parsed begin_message(Side side, TransactionSink& sink) noexcept;
  Parsed begin_hello(Side side, TransactionSink& sink) noexcept;
  void keep(Bytes bytes, Side side, TransactionSink& sink) noexcept;
  void read_message(Side side, TransactionSink& sink) noexcept;
  void end_message(Side side, TransactionSink& sink) noexcept;
  void read_chain(Flight& flight, Faults& faults) noexcept;
  void read_verify(Flight& flight, Faults& faults) noexcept;
  void advance(Side side, std::uint8_t step, TransactionSink& sink) noexcept;
  void server_has_chosen(TransactionSink& sink) noexcept;

  void tell_notice(Side side, TransactionSink& sink) noexcept;
  void tell_late_that_it_was_early(TransactionSink& sink) noexcept;
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
  bool is_open_ = false;   // handshake_ has begun
  bool is_full_ = false;   // the server wants a key exchange
  bool has_keys_ = false;  // the client has sent one
  bool is_sealed_ = false;
  bool is_only_data_ = false;  // the last chunk was
  bool has_retried_ = false;   // the server has asked for another hello
};

}  // namespace bansoko::proto::tls
