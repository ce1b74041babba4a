// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/dns/dns_parser.h"

#include <bit>

namespace bansoko::proto::dns {
namespace {

constexpr std::array kLimits{
    Limit{"open_transactions",
          "unanswered requests remembered in one flow; beyond them the oldest is forgotten", 64, 1, 4096},
    Limit{"records", "questions and records looked at in one message", 1024, 16, 16384},
    Limit{"memory",
          "for the open requests of all flows and for messages that come in parts over TCP, per worker; when "
          "it is used up, the rest of such a message is not looked into",
          16 << 20, 1 << 16, 1ULL << 40, true},
};

Limits read_limits(std::span<const std::uint64_t> limits) {
  const auto at = [&](std::size_t i) {
    return static_cast<std::size_t>(i < limits.size() ? limits[i] : kLimits[i].value);
  };
  return {.open_transactions = at(0), .records = at(1), .memory = at(2)};
}

void tell(AnomalyBits anomalies, Side side, TransactionSink& sink) noexcept {
  for (; anomalies != 0; anomalies &= anomalies - 1)
    sink.on_anomaly(side, static_cast<std::size_t>(std::countr_zero(anomalies)));
}

}  // namespace

std::span<const Limit> parser_limits() noexcept { return kLimits; }

std::unique_ptr<SharedMemory> make_shared(std::span<const std::uint64_t> limits) {
  return std::make_unique<DnsMemory>(read_limits(limits));
}

std::unique_ptr<Parser> make_parser(std::span<const std::uint64_t> limits, SharedMemory* shared,
                                    Variant variant) {
  return std::make_unique<DnsParser>(read_limits(limits), static_cast<DnsMemory&>(*shared), variant);
}

void DnsParser::reset(const Assignment& assignment) noexcept {
  const bool is_tight = memory_.budget.is_tight();
  for (MessageStream& stream : streams_) stream.reset(is_tight);
  exchanges_.clear();
  if (is_tight) exchanges_.release();
  next_id_ = 0;
  asker_.reset();
  transport_ = assignment.transport;
}

Parsed DnsParser::feed(const StreamChunk& chunk, TransactionSink& sink) noexcept {
  if (transport_ == kOverTcp) {
    feed_stream(chunk, sink);
  } else if (const Bytes datagram = chunk.bytes(); !datagram.empty()) {
    on_message(datagram, false, chunk.from, sink);
  }
  return Parsed::more;
}

void DnsParser::feed_stream(const StreamChunk& chunk, TransactionSink& sink) noexcept {
  MessageStream& stream = streams_[flow::index(chunk.from)];
  if (chunk.gap > 0) {
    sink.on_anomaly(chunk.from, gap);
    stream.lose(chunk.gap);
  }
  for (Bytes rest = chunk.bytes(); !rest.empty();) {
    const MessageStream::Taken taken = stream.take(rest);
    if (taken.message) on_message(*taken.message, taken.is_cut, chunk.from, sink);
    rest = rest.subspan(taken.used);
  }
}

void DnsParser::on_message(Bytes bytes, bool is_cut, Side from, TransactionSink& sink) noexcept {
  Message& message = memory_.message;
  message.read(bytes);
  AnomalyBits anomalies = message.anomalies();
  if (is_cut) {
    // Where it ends for us is not where it ends.
    anomalies &=
        ~(bit(malformed_data) | bit(invalid_authorities) | bit(invalid_additionals) | bit(truncated));
    anomalies |= bit(memory_limit);
  }
  if (message.has_header()) {
    anomalies |= roles_of(message.header(), from);
    anomalies |= match(message.header());
  }
  tell(anomalies, from, sink);
  if (message.has_header()) {
    transaction_.progress = {};
    transaction_.progress[flow::index(from)] = kComplete;
    transaction_.message = &message;
    sink.on_progress(transaction_, from);
    transaction_.message = nullptr;
    sink.on_end(transaction_);
  }
  message.clear();
}

/// Who speaks first, by what is said, is who asks: of a flow that was under way the client may be who
/// answers.
AnomalyBits DnsParser::roles_of(const Header& header, Side from) noexcept {
  if (variant_ == Variant::multicast) return 0;
  const bool is_answer = header.is_response();
  if (!asker_) asker_ = is_answer ? flow::other(from) : from;
  if (from == *asker_) return is_answer ? bit(not_request) : 0;
  return is_answer ? 0 : bit(not_response);
}

AnomalyBits DnsParser::match(const Header& header) noexcept {
  if (variant_ == Variant::multicast) {
    transaction_.id = next_id_++;
    return 0;
  }
  if (header.is_response()) {
    const auto number = exchanges_.answer(header.id);
    transaction_.id = number ? *number : next_id_++;
    return number ? 0 : bit(unmatched_response);
  }
  transaction_.id = next_id_++;
  return exchanges_.begin(header.id, transaction_.id) ? 0 : bit(transaction_limit);
}

}  // namespace bansoko::proto::dns
