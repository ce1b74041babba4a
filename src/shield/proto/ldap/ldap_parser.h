// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "shield/proto/frame_reader.h"
#include "shield/proto/ldap/message.h"
#include "shield/proto/ldap/open_requests.h"
#include "shield/proto/protocol.h"

namespace bansoko::proto::ldap {

/// One message, a request or a response, which bears the number of its request. It is told at once and then
/// over.
class LdapTransaction final : public Transaction {
 public:
  /// What it says while it is told, else null.
  Message* message = nullptr;
};

class LdapMemory final : public SharedMemory {
 public:
  explicit LdapMemory(const Limits& limits) : budget(limits.memory), message(limits) {}

  MemoryBudget budget;
  Message message;
};

/// Follows LDAP over TCP until StartTLS or a layer of SASL, and over UDP (CLDAP, [MS-ADTS] section 6.3.3).
class LdapParser final : public Parser {
 public:
  /// `memory` outlives it.
  LdapParser(const Limits& limits, LdapMemory& memory);

  Parsed feed(const StreamChunk& chunk, TransactionSink& sink) noexcept override;
  void end(TransactionSink&) noexcept override {}
  void reset(const Assignment& assignment) noexcept override;

 private:
  Parsed feed_stream(const StreamChunk& chunk, TransactionSink& sink) noexcept;
  void feed_datagram(Bytes datagram, Side from, TransactionSink& sink) noexcept;
  Parsed on_message(Bytes bytes, AnomalyBits cut, Side from, TransactionSink& sink) noexcept;
  Parsed on_other(Bytes rest, Side from, TransactionSink& sink) noexcept;
  AnomalyBits open(const Message& message) noexcept;
  AnomalyBits match(Message& message) noexcept;

  LdapMemory& memory_;
  std::array<FrameReader, 2> frames_;
  OpenRequests requests_;
  LdapTransaction transaction_;
  std::uint64_t next_id_ = 0;
  bool is_over_udp_ = false;
  bool has_tls_ = false;   // StartTLS was granted
  bool has_sasl_ = false;  // a bind by SASL was
};

/// The size of the message that bytes begin with, as MeasureFrame.
std::uint64_t measure_message(Bytes bytes) noexcept;

std::span<const Buffer> message_buffers() noexcept;
std::span<const Field> message_fields() noexcept;

}  // namespace bansoko::proto::ldap
