// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/ldap/ldap_parser.h"

#include <algorithm>
#include <bit>
#include <limits>

namespace bansoko::proto::ldap {
namespace {

void tell(AnomalyBits anomalies, Side side, TransactionSink& sink) noexcept {
  for (; anomalies != 0; anomalies &= anomalies - 1)
    sink.on_anomaly(side, static_cast<std::size_t>(std::countr_zero(anomalies)));
}

/// More responses to the same request may follow.
bool is_followed(std::uint64_t operation) noexcept {
  return operation == search_result_entry || operation == search_result_reference ||
         operation == intermediate_response;
}

}  // namespace

std::uint64_t measure_message(Bytes bytes) noexcept {
  constexpr std::size_t kLongestHeader = 1 + 1 + 8;
  if (bytes.empty()) return kSizeUnknown;
  if (bytes.front() != BerReader::kSequence) return kNoFrame;
  ByteReader in(bytes);
  const auto header = read_ber_header(in);
  if (!header && in.ok()) return kNoFrame;
  if (!header) return bytes.size() < kLongestHeader ? kSizeUnknown : kNoFrame;
  const std::uint64_t before = bytes.size() - in.rest().size();
  constexpr std::uint64_t kMost = std::numeric_limits<std::uint32_t>::max();
  return header->is_indefinite || header->size > kMost ? kNoFrame : before + header->size;
}

LdapParser::LdapParser(const Limits& limits, LdapMemory& memory)
    : memory_(memory),
      frames_{FrameReader(memory.budget, limits.message_size, measure_message),
              FrameReader(memory.budget, limits.message_size, measure_message)},
      requests_(limits.open_requests) {}

void LdapParser::reset(const Assignment& assignment) noexcept {
  for (FrameReader& frames : frames_) frames.reset(memory_.budget.is_tight());
  requests_.clear();
  next_id_ = 0;
  is_over_udp_ = assignment.transport == kOverUdp;
  has_tls_ = has_sasl_ = false;
}

Parsed LdapParser::feed(const StreamChunk& chunk, TransactionSink& sink) noexcept {
  if (!is_over_udp_) return feed_stream(chunk, sink);
  feed_datagram(chunk.bytes(), chunk.from, sink);
  return Parsed::more;
}

Parsed LdapParser::feed_stream(const StreamChunk& chunk, TransactionSink& sink) noexcept {
  FrameReader& frames = frames_[flow::index(chunk.from)];
  if (chunk.gap > 0) {
    sink.on_anomaly(chunk.from, gap);
    frames.lose(chunk.gap);
  }
  for (Bytes rest = chunk.bytes(); !rest.empty();) {
    const FrameReader::Taken taken = frames.take(rest);
    if (taken.is_no_frame) return on_other(rest, chunk.from, sink);
    rest = rest.subspan(taken.used);
    if (taken.frame) {
      const AnomalyBits cut =
          (taken.is_too_long ? bit(message_limit) : 0) | (taken.is_short_of_memory ? bit(memory_limit) : 0);
      if (on_message(*taken.frame, cut, chunk.from, sink) == Parsed::more) continue;
      sink.on_handover({.protocol = "tls", .left = rest.size()});
      return Parsed::finished;
    }
  }
  return Parsed::more;
}

// A datagram may hold an answer's entry and its end.
void LdapParser::feed_datagram(Bytes datagram, Side from, TransactionSink& sink) noexcept {
  while (!datagram.empty()) {
    const std::uint64_t size = measure_message(datagram);
    if (size == kSizeUnknown || size == kNoFrame) return sink.on_anomaly(from, unknown_header);
    const Bytes message =
        datagram.first(static_cast<std::size_t>(std::min<std::uint64_t>(size, datagram.size())));
    on_message(message, 0, from, sink);
    datagram = datagram.subspan(message.size());
  }
}

Parsed LdapParser::on_other(Bytes rest, Side from, TransactionSink& sink) noexcept {
  // The client's TLS may be here before the answer that allows it.
  if (requests_.has_starttls()) {
    sink.on_anomaly(from, starttls);
    sink.on_handover({.protocol = "tls", .left = rest.size()});
    return Parsed::finished;
  }
  sink.on_anomaly(from, has_sasl_ ? sasl_layer : unknown_header);
  return has_sasl_ ? Parsed::finished : Parsed::malformed;
}

Parsed LdapParser::on_message(Bytes bytes, AnomalyBits cut, Side from, TransactionSink& sink) noexcept {
  Message& message = memory_.message;
  AnomalyBits anomalies = message.read(bytes, cut != 0) | cut;
  transaction_.id = next_id_;
  if (message.operation && message.id)
    anomalies |= is_request(*message.operation) ? open(message) : match(message);
  if (transaction_.id == next_id_) ++next_id_;
  tell(anomalies, from, sink);
  transaction_.progress = {};
  transaction_.progress[flow::index(from)] = kComplete;
  transaction_.message = &message;
  sink.on_progress(transaction_, from);
  transaction_.message = nullptr;
  sink.on_end(transaction_);
  if (!has_tls_) return Parsed::more;
  sink.on_anomaly(from, starttls);
  return Parsed::finished;
}

AnomalyBits LdapParser::open(const Message& message) noexcept {
  if (*message.operation == abandon_request) {
    if (message.abandoned) requests_.end(*message.abandoned);
    return 0;
  }
  if (*message.operation == unbind_request) return 0;
  const bool is_starttls =
      *message.operation == extended_request && message.name && as_text(*message.name) == kStartTls;
  const OpenRequest request{.id = *message.id,
                            .transaction = transaction_.id,
                            .is_starttls = is_starttls,
                            .is_sasl_bind = message.mechanism.has_value()};
  return requests_.begin(request) ? 0 : bit(request_limit);
}

AnomalyBits LdapParser::match(Message& message) noexcept {
  OpenRequest* const request = requests_.find(*message.id);
  message.count = request == nullptr ? 1 : ++request->responses;
  // RFC 4511 section 4.4: a notification that nobody asked for has no id.
  if (request == nullptr) return *message.id == 0 ? 0 : bit(unmatched_response);
  transaction_.id = request->transaction;
  if (is_followed(*message.operation)) return 0;
  const bool is_granted = message.result_code == Number(0);
  has_tls_ = is_granted && request->is_starttls && !is_over_udp_;
  has_sasl_ |= is_granted && request->is_sasl_bind;
  requests_.end(*message.id);
  return 0;
}

}  // namespace bansoko::proto::ldap
