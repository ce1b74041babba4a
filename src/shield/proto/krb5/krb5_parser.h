// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "shield/proto/frame_reader.h"
#include "shield/proto/krb5/message.h"
#include "shield/proto/protocol.h"

namespace bansoko::proto::krb5 {

/// One message, a request or an answer, which bears the number of its request. It is told at once and then
/// over.
class Krb5Transaction final : public Transaction {
 public:
  /// What it says while it is told, else null.
  const Message* message = nullptr;
};

struct Limits {
  std::size_t message_size = 0, values = 0, memory = 0;
};

class Krb5Memory final : public SharedMemory {
 public:
  explicit Krb5Memory(const Limits& limits) : budget(limits.memory), message(limits.values) {}

  MemoryBudget budget;
  Message message;
};

/// Follows a client and a KDC, over UDP and TCP (RFC 4120 section 7.2).
class Krb5Parser final : public Parser {
 public:
  /// `memory` outlives it.
  Krb5Parser(const Limits& limits, Krb5Memory& memory);

  Parsed feed(const StreamChunk& chunk, TransactionSink& sink) noexcept override;
  void end(TransactionSink&) noexcept override {}
  void reset(const Assignment& assignment) noexcept override;

 private:
  void on_message(Bytes bytes, AnomalyBits cut, Side from, TransactionSink& sink) noexcept;
  AnomalyBits number(const Message& message) noexcept;

  Krb5Memory& memory_;
  std::array<FrameReader, 2> frames_;
  Krb5Transaction transaction_;
  std::uint64_t asked_ = 0, answered_ = 0;
  bool is_over_udp_ = false;
};

inline constexpr std::size_t kLengthSize = 4;  // of the number that comes before a message over TCP

std::span<const Buffer> message_buffers() noexcept;
std::span<const Field> message_fields() noexcept;

}  // namespace bansoko::proto::krb5
