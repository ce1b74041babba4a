// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstdint>
#include <memory>
#include <span>

#include "shield/proto/protocol.h"

namespace bansoko::proto {

/// A parser for protocols in which each datagram is one message: told, and over at once.
///
/// `Message` is a Transaction with `std::uint32_t read(Bytes)`, which takes the next message and gives a bit
/// for each of the protocol's anomalies, and `void reset()`, which makes it ready for another flow.
template <class Message>
class DatagramParser final : public Parser {
 public:
  Parsed feed(const StreamChunk& chunk, TransactionSink& sink) noexcept override {
    if (chunk.bytes().empty()) return Parsed::more;
    message_.id = next_id_++;
    message_.progress = {};
    message_.progress[flow::index(chunk.from)] = kComplete;
    for (std::uint32_t left = message_.read(chunk.bytes()); left != 0; left &= left - 1)
      sink.on_anomaly(chunk.from, static_cast<std::size_t>(std::countr_zero(left)));
    sink.on_progress(message_, chunk.from);
    sink.on_end(message_);
    return Parsed::more;
  }
  void end(TransactionSink&) noexcept override {}
  void reset(const Assignment&) noexcept override {
    message_.reset();
    next_id_ = 0;
  }

 private:
  Message message_;
  std::uint64_t next_id_ = 0;
};

template <class Message>
std::unique_ptr<Parser> make_datagram_parser(std::span<const std::uint64_t>, SharedMemory*) {
  return std::make_unique<DatagramParser<Message>>();
}

/// A buffer of a message, which either side may send.
constexpr Buffer message_buffer(std::string_view name, std::string_view help, Side side,
                                std::optional<Bytes> (*get)(Transaction&, unsigned) noexcept) noexcept {
  return {.name = name, .help = help, .side = side, .ready_at = kComplete, .get = get};
}

/// A number of a message, which either side may send.
constexpr Field message_field(std::string_view name, std::string_view help, Side side,
                              std::optional<std::uint64_t> (*get)(const Transaction&) noexcept,
                              std::span<const NamedValue> names = {}) noexcept {
  return {.name = name, .help = help, .side = side, .ready_at = kComplete, .names = names, .get = get};
}

}  // namespace bansoko::proto
