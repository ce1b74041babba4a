// SPDX-License-Identifier: Apache-2.0
#include "shield/flow/tcp_session.h"

#include <algorithm>

namespace bansoko::flow {
namespace {

constexpr std::int8_t kLargestScale = 14;        // RFC 7323 section 2.3
constexpr std::chrono::days kTimestampLife{24};  // RFC 7323 section 5.5

std::int8_t scale_of(const packet::TcpHeader& tcp) noexcept {
  if (!tcp.has_window_scale) return StreamSide::kNoScale;
  return static_cast<std::int8_t>(std::min<int>(tcp.window_scale, kLargestScale));
}

void synchronise(StreamSide& side, const packet::TcpHeader& tcp) noexcept {
  side.synchronise(tcp.sequence + 1);
  side.acked = StreamSide::kSynUnacknowledged;
  side.scale = scale_of(tcp);
  side.stamps = tcp.has_timestamp;
  side.timestamp = tcp.timestamp;
  side.guessed = false;
}

}  // namespace

bool TcpSession::closed() const noexcept {
  const auto has_ended = [](const StreamSide& side, const StreamSide& receiver) {
    return side.has_fin() && (side.acked > side.fin || receiver.let_go);
  };
  return has_ended(sides[0], sides[1]) && has_ended(sides[1], sides[0]);
}

bool TcpSession::take_syn(Side from, const packet::TcpHeader& tcp) noexcept {
  StreamSide& sender = side(from);
  const bool is_other = sender.synchronised && sender.first_sequence != tcp.sequence + 1;
  // What answered the other end's SYN was an ACK alone, which counts for nothing there (RFC 9293 section
  // 3.10.7.3): this one begins here.
  const bool begins_now = is_other && sender.guessed && sender.acked < 0 && sender.top() == 0;
  if (is_other && !begins_now) {
    second_syn[index(from)] = tcp.sequence;
    return false;
  }
  if (begins_now) sender.open = false;
  if (sender.synchronised && !begins_now) {
    // Which of them was answered we do not know: nothing counts that one of them did not offer, and of the
    // windows the larger.
    if (sender.acked < 0) {
      sender.stamps = sender.stamps && tcp.has_timestamp;
      sender.scale = std::max(sender.scale, scale_of(tcp));
    }
    return true;
  }
  synchronise(sender, tcp);
  // The window of a SYN is never scaled (RFC 7323 section 2.2).
  StreamSide& receiver = side(other(from));
  receiver.edge = std::max<std::int64_t>(receiver.edge, tcp.window);
  return true;
}

TcpSession::SynAck TcpSession::take_syn_ack(Side from, const packet::TcpHeader& tcp) noexcept {
  StreamSide& sender = side(from);
  StreamSide& receiver = side(other(from));
  if (!receiver.synchronised) {
    receiver.synchronise(tcp.acknowledgement);
    receiver.scale = tcp.has_window_scale ? kLargestScale : StreamSide::kNoScale;
    receiver.guessed = true;
  }
  const std::int64_t acknowledged = receiver.offset_of(tcp.acknowledgement);
  const auto& second = second_syn[index(other(from))];
  const bool unknown = acknowledged < 0 || acknowledged > receiver.top() + (receiver.has_fin() ? 1 : 0);
  if (unknown) {
    if (!second || tcp.acknowledgement != *second + 1) return SynAck::wrong;
    if (receiver.open || receiver.top() > 0) return SynAck::another_connection;
    receiver.synchronise(*second + 1);  // the server chose the other SYN; nothing has been built on the first
  }
  if (!sender.synchronised || sender.first_sequence != tcp.sequence + 1) {
    const bool settled = sender.acked >= 0 && !sender.guessed;
    if (sender.synchronised && (settled || sender.top() > 0)) return SynAck::wrong;
    synchronise(sender, tcp);
  }
  sender.open = true;
  receiver.acked = std::max(receiver.acked, receiver.offset_of(tcp.acknowledgement));
  receiver.edge = std::max(receiver.edge, receiver.acked + tcp.window);
  if (receiver.acked > 0) {  // it has taken the data of the SYN (RFC 7413)
    receiver.open = true;
    receiver.provisional = 0;
  }
  return SynAck::taken;
}

void TcpSession::pick_up(Side from, const packet::TcpHeader& tcp) noexcept {
  StreamSide& sender = side(from);
  StreamSide& receiver = side(other(from));
  sender = StreamSide{};
  receiver = StreamSide{};
  sender.synchronise(tcp.sequence);
  receiver.synchronise(tcp.acknowledgement);
  sender.open = receiver.open = true;
  sender.scale = receiver.scale = kLargestScale;  // unknown: the largest refuses nothing that is right
  receiver.acked = 0;
}

bool TcpSession::guess(Side from, const packet::TcpHeader& tcp) noexcept {
  StreamSide& sender = side(from);
  StreamSide& receiver = side(other(from));
  if (sender.synchronised) {  // the SYN+ACK went by unseen
    if (sender.offset_of(tcp.sequence) != 0) return false;
    receiver.synchronise(tcp.acknowledgement);
    receiver.guessed = true;
    receiver.open = true;
    receiver.scale = sender.scale == StreamSide::kNoScale ? StreamSide::kNoScale : kLargestScale;
    return true;
  }
  const std::int64_t acknowledged = receiver.offset_of(tcp.acknowledgement);
  if (acknowledged < 0 || acknowledged > receiver.top()) return false;
  sender.synchronise(tcp.sequence);
  sender.guessed = true;
  sender.scale = receiver.scale == StreamSide::kNoScale ? StreamSide::kNoScale : kLargestScale;
  return true;
}

TcpSession::Reset TcpSession::judge_reset(Side from, const packet::Packet& packet) const noexcept {
  const StreamSide& sender = side(from);
  const StreamSide& receiver = side(other(from));
  if (!sender.synchronised) {
    // The answer to a SYN: must acknowledge it (RFC 9293 section 3.10.7.3).
    const std::int64_t acknowledged = receiver.offset_of(packet.tcp.acknowledgement);
    const bool fits = packet.has(packet::TcpFlag::ack) && acknowledged >= 0 && acknowledged <= receiver.top();
    const auto& second = second_syn[index(other(from))];
    if (!fits && second && packet.tcp.acknowledgement == *second + 1) return Reset::challenged;
    return fits ? Reset::ends : Reset::invalid;
  }
  // Of a connection that the other end does not have, or not any more: a new one cannot begin until it is
  // told.
  if (!receiver.synchronised) return Reset::challenged;
  // RFC 9293 section 3.10.7.4: it counts when it is exactly what the receiver expects next; within the window
  // it asks back. One behind what has passed is answered by nobody, unless that was lost: its sender will say
  // it again, exactly.
  const std::int64_t begin = sender.offset_of(packet.tcp.sequence);
  const std::int64_t expected = sender.next + (sender.has_fin() && sender.next == sender.fin ? 1 : 0);
  if (begin == expected) return Reset::ends;
  const bool may_be =
      begin >= std::max(sender.acked, StreamSide::kSynUnacknowledged) && begin <= sender.limit();
  return may_be ? Reset::challenged : Reset::invalid;
}

bool TcpSession::is_old(Side from, const packet::Packet& packet) const noexcept {
  const StreamSide& sender = side(from);
  if (!sender.stamps || !side(other(from)).stamps) return false;
  // RFC 7323 section 3.2 wants it dropped; FreeBSD does (net.inet.tcp.tolerate_missing_ts), others take it.
  if (!packet.tcp.has_timestamp) return sender.system == packet::System::bsd;
  if (static_cast<std::int32_t>(packet.tcp.timestamp - sender.timestamp) >= 0) return false;
  // Linux takes 0 for a sender that began without a clock.
  if (sender.system == packet::System::linux && sender.timestamp == 0) return false;
  return packet.arrived - sender.stamped <= kTimestampLife;
}

void TcpSession::note_timestamp(Side from, const packet::Packet& packet, std::int64_t begin) noexcept {
  StreamSide& sender = side(from);
  // Of a segment further on we cannot be sure that the receiver has noted it: it asks for the first one that
  // it has not acknowledged (RFC 7323 section 4.3).
  if (!sender.stamps || !packet.tcp.has_timestamp || begin > sender.acked) return;
  if (static_cast<std::int32_t>(packet.tcp.timestamp - sender.timestamp) < 0 &&
      packet.arrived - sender.stamped <= kTimestampLife)
    return;
  sender.timestamp = packet.tcp.timestamp;
  sender.stamped = packet.arrived;
}

bool TcpSession::in_window(Side from, const Segment& segment, std::int64_t acknowledged) const noexcept {
  const StreamSide& sender = side(from);
  const StreamSide& receiver = side(other(from));
  // Of a receiver that was let go the windows it offers go by unseen, and the bytes that are acknowledged.
  const std::int64_t limit = receiver.let_go
                                 ? std::max(sender.limit(), sender.top() + StreamSide::kLargestWindow / 2)
                                 : sender.limit();
  // One more than the window: FIN takes a place, and so does the byte of a zero-window probe.
  return segment.begin <= limit + 1 && segment.end() >= sender.next - StreamSide::kLargestWindow &&
         (receiver.let_go || acknowledged <= receiver.limit() + 1);
}

void TcpSession::acknowledge(Side from, std::int64_t acknowledged, std::uint16_t window) noexcept {
  StreamSide& sender = side(from);
  StreamSide& receiver = side(other(from));
  const bool scaled = sender.scale != StreamSide::kNoScale && receiver.scale != StreamSide::kNoScale;
  receiver.acked = std::max(receiver.acked, acknowledged);
  receiver.edge =
      std::max(receiver.edge, acknowledged + (std::int64_t{window} << (scaled ? sender.scale : 0)));
  if (acknowledged >= 0) sender.open = true;
}

}  // namespace bansoko::flow
