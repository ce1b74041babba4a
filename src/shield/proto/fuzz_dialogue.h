// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <span>

#include "shield/proto/memory_budget.h"
#include "shield/proto/test_dialogue.h"

/// For fuzz targets of protocols: a dialogue is records of one byte of side (bit 0) and gap (bit 1, the rest
/// is its size), two of length, then bytes.
namespace bansoko::proto::fuzz {

inline void require(bool holds) {
  if (!holds) std::abort();
}

/// All that rules could see, in one number, and what must hold of any parser.
class Digest final : public TransactionSink {
 public:
  explicit Digest(const Protocol& protocol) : protocol_(protocol) {}

  void on_progress(Transaction& transaction, Side side) noexcept override {
    const std::uint8_t progress = transaction.progress[flow::index(side)];
    require(progress > kNotStarted);
    require(open_.empty() || transaction.id >= open_.begin()->first);
    std::uint8_t& before = open_[transaction.id][flow::index(side)];
    require(progress >= before);
    before = progress;
    for (const Buffer& buffer : protocol_.buffers) {
      if (buffer.side != side || buffer.ready_at > progress) continue;
      for (unsigned i = 0; const auto bytes = buffer.get(transaction, i); ++i) add(*bytes);
    }
    for (const Field& field : protocol_.fields)
      if (field.side == side && field.ready_at <= progress) add(field.get(transaction).value_or(~0ULL));
  }
  void on_end(Transaction& transaction) noexcept override {
    open_.erase(transaction.id);
    add(transaction.id);
  }
  void on_anomaly(Side, std::size_t anomaly) noexcept override {
    require(anomaly < protocol_.anomalies.size());
    add(anomaly);
  }

  bool has_open() const noexcept { return !open_.empty(); }
  std::uint64_t sum = 14695981039346656037ULL;

 private:
  void add(std::uint64_t number) noexcept { sum = (sum ^ number) * 1099511628211ULL; }
  void add(Bytes bytes) noexcept {
    add(bytes.size());
    for (const std::uint8_t byte : bytes) add(byte);
  }

  const Protocol& protocol_;
  std::map<std::uint64_t, std::array<std::uint8_t, 2>> open_;
};

/// Feeds a dialogue in pieces of `piece` bytes, then ends the flow. Datagrams have no gaps before them.
inline Parsed feed(Parser& parser, Bytes dialogue, std::size_t piece, TransactionSink& to,
                   Transports transport = kOverTcp) {
  parser.reset({.wanted = ~0ULL, .transport = transport});
  ByteReader in(dialogue);
  std::array<std::uint64_t, 2> offset{};
  Parsed result = Parsed::more;
  while (result == Parsed::more && !in.rest().empty()) {
    const std::uint8_t head = in.u8();
    const std::size_t wanted = in.u16();
    Bytes rest = in.take(std::min(wanted, in.rest().size()));
    const Side side = (head & 1U) != 0 ? Side::server : Side::client;
    std::uint32_t gap = (head & 2U) != 0 && transport == kOverTcp ? head >> 2U : 0;
    std::uint64_t& at = offset[flow::index(side)];
    while (result == Parsed::more && !rest.empty()) {
      const Bytes now = rest.first(std::min(piece, rest.size()));
      at += gap;
      result = parser.feed({.from = side, .gap = gap, .offset = at, .window = now}, to);
      gap = 0;
      at += now.size();
      rest = rest.subspan(now.size());
    }
  }
  parser.end(to);
  return result;
}

/// Feeds a dialogue; every transaction must have ended after it.
inline std::uint64_t run(const Protocol& protocol, Parser& parser, Bytes dialogue, std::size_t piece,
                         Transports transport = kOverTcp) {
  Digest digest(protocol);
  feed(parser, dialogue, piece, digest, transport);
  require(!digest.has_open());
  return digest.sum;
}

/// However the stream is cut, rules must see the same, in the same order.
inline void compare_pieces(const Protocol& protocol, Parser& parser, Bytes dialogue) {
  require(run(protocol, parser, dialogue, SIZE_MAX) == run(protocol, parser, dialogue, 1));
}

/// The same, but for the order in which transactions and anomalies are told.
inline void compare_pieces_in_any_order(const Protocol& protocol, Parser& parser, Bytes dialogue) {
  Witness whole(protocol);
  Witness bytewise(protocol);
  require(feed(parser, dialogue, SIZE_MAX, whole) == feed(parser, dialogue, 1, bytewise));
  require(whole.faults.empty() && bytewise.faults.empty());
  require(whole.values == bytewise.values && whole.ended == bytewise.ended);
  require(whole.anomalies == bytewise.anomalies && whole.expected == bytewise.expected);
}

/// Takes no more than `limits` give, and gives all of it back. `Memory` is what make_shared() makes.
template <class Memory>
void run_with_little_memory(const Protocol& protocol, std::span<const std::uint64_t> limits, Bytes dialogue,
                            Transports transport = kOverTcp) {
  const auto shared = protocol.make_shared(limits);
  const MemoryBudget& budget = static_cast<const Memory&>(*shared).budget;
  {
    const auto parser = protocol.make_parser(limits, shared.get());
    Witness seen(protocol);
    feed(*parser, dialogue, 500, seen, transport);
    require(budget.used() <= budget.most());
    parser->reset({.wanted = ~0ULL, .transport = transport});
    require(!budget.is_tight());
  }
  require(budget.used() == 0);
}

}  // namespace bansoko::proto::fuzz
