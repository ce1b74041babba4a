// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/rdp/rdp_parser.h"

#include <bit>

namespace bansoko::proto::rdp {
namespace {

constexpr std::uint8_t kTpkt = 3;
constexpr std::size_t kMostFrame = 0xffff;
constexpr std::uint8_t kTlsHandshake = 22;

/// TPKT (RFC 1006 section 6), or fast-path, which only comes once the connection stands ([MS-RDPBCGR] section
/// 2.2.8.1.2).
std::uint64_t measure(Bytes bytes) noexcept {
  constexpr std::uint8_t kActionBits = 3, kLongLength = 0x80;
  ByteReader in(bytes);
  const std::uint8_t first = in.u8();
  if (!in.ok()) return kSizeUnknown;
  if (first != kTpkt && (first & kActionBits) != 0) return kNoFrame;
  const std::uint8_t second = in.u8();
  std::uint64_t size = second;
  if (first == kTpkt) {
    size = in.u16();
  } else if (second >= kLongLength) {
    size = (second & 0x7fU) << 8U | in.u8();
  }
  if (!in.ok()) return kSizeUnknown;
  const std::size_t header = bytes.size() - in.rest().size();
  return size >= header ? size : kNoFrame;
}

void tell(AnomalyBits anomalies, Side side, TransactionSink& sink) noexcept {
  for (; anomalies != 0; anomalies &= anomalies - 1)
    sink.on_anomaly(side, static_cast<std::size_t>(std::countr_zero(anomalies)));
}

}  // namespace

RdpParser::RdpParser(RdpMemory& memory)
    : memory_(memory),
      frames_{FrameReader(memory.budget, kMostFrame, measure),
              FrameReader(memory.budget, kMostFrame, measure)} {}

void RdpParser::reset(const Assignment&) noexcept {
  for (FrameReader& frames : frames_) frames.reset(memory_.budget.is_tight());
  next_id_ = 0;
}

Parsed RdpParser::feed(const StreamChunk& chunk, TransactionSink& sink) noexcept {
  FrameReader& frames = frames_[flow::index(chunk.from)];
  if (chunk.gap > 0) {
    sink.on_anomaly(chunk.from, gap);
    frames.lose(chunk.gap);
  }
  for (Bytes rest = chunk.bytes(); !rest.empty();) {
    const FrameReader::Taken taken = frames.take(rest);
    if (taken.is_no_frame) {
      const bool is_tls = rest.front() == kTlsHandshake;
      sink.on_anomaly(chunk.from, is_tls ? encrypted : unknown_header);
      if (!is_tls) return Parsed::malformed;
      sink.on_handover({.protocol = "tls", .left = rest.size()});
      return Parsed::finished;
    }
    rest = rest.subspan(taken.used);
    if (!taken.frame) continue;
    if (on_frame(*taken.frame, taken.is_short_of_memory, chunk.from, sink) == Parsed::more) continue;
    sink.on_handover({.protocol = "tls", .left = rest.size()});
    return Parsed::finished;
  }
  return Parsed::more;
}

Parsed RdpParser::on_frame(Bytes frame, bool is_cut, Side from, TransactionSink& sink) noexcept {
  if (frame.front() != kTpkt) return Parsed::more;
  Pdu& pdu = memory_.pdu;
  AnomalyBits anomalies = pdu.read(frame);
  if (is_cut) {
    // Where it ends for us is not where it ends.
    anomalies &= bit(channel_limit);
    anomalies |= bit(memory_limit);
  }
  tell(anomalies, from, sink);
  transaction_.id = next_id_++;
  transaction_.progress = {};
  transaction_.progress[flow::index(from)] = kComplete;
  transaction_.pdu = &pdu;
  sink.on_progress(transaction_, from);
  transaction_.pdu = nullptr;
  sink.on_end(transaction_);
  if (from != Side::server || !pdu.begins_encryption()) return Parsed::more;
  sink.on_anomaly(from, encrypted);
  return Parsed::finished;
}

}  // namespace bansoko::proto::rdp
