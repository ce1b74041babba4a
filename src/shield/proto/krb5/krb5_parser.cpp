// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/krb5/krb5_parser.h"

#include <bit>

namespace bansoko::proto::krb5 {
namespace {

// Section 7.2.2: the highest bit is for extensions, which nobody uses.
std::uint64_t measure(Bytes bytes) noexcept {
  ByteReader in(bytes);
  const std::uint32_t size = in.u32();
  if (!in.ok()) return kSizeUnknown;
  return size >> 31U != 0 ? kNoFrame : kLengthSize + std::uint64_t{size};
}

}  // namespace

Krb5Parser::Krb5Parser(const Limits& limits, Krb5Memory& memory)
    : memory_(memory),
      frames_{FrameReader(memory.budget, limits.message_size, measure),
              FrameReader(memory.budget, limits.message_size, measure)} {}

void Krb5Parser::reset(const Assignment& assignment) noexcept {
  for (FrameReader& frames : frames_) frames.reset(memory_.budget.is_tight());
  asked_ = answered_ = 0;
  is_over_udp_ = assignment.transport == kOverUdp;
}

Parsed Krb5Parser::feed(const StreamChunk& chunk, TransactionSink& sink) noexcept {
  Bytes rest = chunk.bytes();
  if (is_over_udp_) {
    if (!rest.empty()) on_message(rest, 0, chunk.from, sink);
    return Parsed::more;
  }
  FrameReader& frames = frames_[flow::index(chunk.from)];
  if (chunk.gap > 0) {
    sink.on_anomaly(chunk.from, gap);
    frames.lose(chunk.gap);
  }
  while (!rest.empty()) {
    const FrameReader::Taken taken = frames.take(rest);
    if (taken.is_no_frame) {
      sink.on_anomaly(chunk.from, malformed_data);
      return Parsed::malformed;
    }
    const AnomalyBits cut =
        (taken.is_too_long ? bit(message_limit) : 0) | (taken.is_short_of_memory ? bit(memory_limit) : 0);
    if (taken.frame) on_message(taken.frame->subspan(kLengthSize), cut, chunk.from, sink);
    rest = rest.subspan(taken.used);
  }
  return Parsed::more;
}

void Krb5Parser::on_message(Bytes bytes, AnomalyBits cut, Side from, TransactionSink& sink) noexcept {
  Message& message = memory_.message;
  AnomalyBits anomalies = message.read(bytes, cut != 0) | cut;
  anomalies |= number(message);
  for (AnomalyBits left = anomalies; left != 0; left &= left - 1)
    sink.on_anomaly(from, static_cast<std::size_t>(std::countr_zero(left)));
  transaction_.progress = {};
  transaction_.progress[flow::index(from)] = kComplete;
  transaction_.message = &message;
  sink.on_progress(transaction_, from);
  transaction_.message = nullptr;
  sink.on_end(transaction_);
}

/// An answer is to the oldest request that has none.
AnomalyBits Krb5Parser::number(const Message& message) noexcept {
  const bool is_answer = message.type == Number(as_rep) || message.type == Number(tgs_rep) ||
                         message.type == Number(ap_rep) || message.type == Number(krb_error);
  const bool is_unmatched = is_answer && answered_ == asked_;
  if (!is_answer || is_unmatched) ++asked_;
  transaction_.id = is_answer ? answered_++ : asked_ - 1;
  return is_unmatched ? bit(unmatched_response) : 0;
}

}  // namespace bansoko::proto::krb5
