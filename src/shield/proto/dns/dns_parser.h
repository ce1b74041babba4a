// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "shield/proto/dns/exchanges.h"
#include "shield/proto/dns/message.h"
#include "shield/proto/memory_budget.h"
#include "shield/proto/protocol.h"

namespace bansoko::proto::dns {

/// One message: a request, or an answer, which bears the number of its request. It is told at once and then
/// over, so that requests nobody answers hold nothing of the inspector's.
class DnsTransaction final : public Transaction {
 public:
  /// What it says while it is told, else null.
  Message* message = nullptr;
};

struct Limits {
  std::size_t open_transactions = 0;
  std::size_t records = 0;
  std::size_t memory = 0;
};

class DnsMemory final : public SharedMemory {
 public:
  explicit DnsMemory(const Limits& limits) : budget(limits.memory), message(limits.records) {}

  MemoryBudget budget;
  Message message;
};

/// Over TCP (RFC 1035 section 4.2.2): takes the stream of one side apart into messages.
class MessageStream {
 public:
  explicit MessageStream(MemoryBudget& budget) : held_(budget) {}

  void reset(bool release) noexcept;
  /// Bytes were lost. The next message is where it was to be if they were all of the one under way.
  void lose(std::uint32_t size) noexcept;

  struct Taken {
    std::size_t used = 0;               // of the bytes given
    std::optional<Bytes> message = {};  // it is whole now; until the next call
    bool is_cut = false;                // the budget had no memory for the rest of it
  };
  Taken take(Bytes bytes) noexcept;

 private:
  Taken take_length(std::uint8_t byte) noexcept;

  BudgetedBytes held_;
  std::uint32_t length_ = 0;
  std::uint32_t received_ = 0;
  std::uint8_t length_bytes_ = 0;  // of the length, that have come
  bool is_cut_ = false;
  bool is_spoilt_ = false;  // a part of the message is lost
  bool is_lost_ = false;    // until the first bytes after a loss that look like a message
};

/// Which dialogue of the same messages it is.
enum class Variant : std::uint8_t {
  dns,
  multicast,  // RFC 6762: anybody may answer, and nobody need have asked
};

class DnsParser final : public Parser {
 public:
  DnsParser(const Limits& limits, DnsMemory& memory, Variant variant)
      : memory_(memory),
        variant_(variant),
        exchanges_(limits.open_transactions, memory.budget),
        streams_{MessageStream(memory.budget), MessageStream(memory.budget)} {}

  Parsed feed(const StreamChunk& chunk, TransactionSink& sink) noexcept override;
  void end(TransactionSink&) noexcept override { exchanges_.clear(); }
  void reset(const Assignment& assignment) noexcept override;

 private:
  void feed_stream(const StreamChunk& chunk, TransactionSink& sink) noexcept;
  void on_message(Bytes bytes, bool is_cut, Side from, TransactionSink& sink) noexcept;
  AnomalyBits roles_of(const Header& header, Side from) noexcept;
  AnomalyBits match(const Header& header) noexcept;

  DnsMemory& memory_;
  Variant variant_;
  Exchanges exchanges_;
  std::array<MessageStream, 2> streams_;
  DnsTransaction transaction_;
  std::uint64_t next_id_ = 0;
  std::optional<Side> asker_ = {};
  Transports transport_ = kOverUdp;
};

std::unique_ptr<SharedMemory> make_shared(std::span<const std::uint64_t> limits);
std::unique_ptr<Parser> make_parser(std::span<const std::uint64_t> limits, SharedMemory* shared,
                                    Variant variant);

/// The settings of every variant.
std::span<const Limit> parser_limits() noexcept;

}  // namespace bansoko::proto::dns
