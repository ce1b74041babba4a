// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "shield/flow/stream_chunk.h"
#include "shield/flow/stream_side.h"
#include "shield/packet/packet.h"

namespace bansoko::flow {

/// Where both sides of one TCP conversation stand (RFC 9293), and the handshake's part of following it.
/// Pure: keeps no bytes and tells nobody.
struct TcpSession {
  enum class State : std::uint8_t {
    fresh,     // nothing seen
    followed,  // put in order
    ignored,   // begun before we came, and so left alone
    refused,   // the same, and nothing may pass
    reset,     // over
  };

  std::uint64_t flow = 0;  // whose it is: the slot may have a new tenant
  State state = State::fresh;
  std::uint32_t losses = 0;       // of those noted, the last that it knows of
  std::uint8_t mends = 0;         // how often it may still be mended for it
  std::optional<bool> is_signed;  // as its SYN+ACK was; nothing: that went by unseen
  std::array<StreamSide, 2> sides;
  std::array<std::optional<std::uint32_t>, 2> second_syn;  // a SYN that the followed connection does not know

  StreamSide& side(Side which) noexcept { return sides[index(which)]; }
  const StreamSide& side(Side which) const noexcept { return sides[index(which)]; }

  bool established() const noexcept { return sides[0].open && sides[1].open; }

  /// A segment is signed and its connection is not, or the other way round (RFC 2385, RFC 5925): receivers
  /// that know of signatures throw it away, others take it.
  bool is_signed_otherwise(const packet::TcpHeader& tcp) const noexcept {
    return is_signed.has_value() && *is_signed != tcp.is_signed;
  }

  /// Both have ended, and both know.
  bool closed() const noexcept;

  /// A SYN without ACK. False: it belongs to another connection and is only remembered.
  bool take_syn(Side from, const packet::TcpHeader& tcp) noexcept;

  enum class SynAck : std::uint8_t { taken, wrong, another_connection };
  SynAck take_syn_ack(Side from, const packet::TcpHeader& tcp) noexcept;

  /// Begins in the middle, at the first packet seen.
  void pick_up(Side from, const packet::TcpHeader& tcp) noexcept;

  /// Of a handshake only one half was seen; a segment whose ACK fits tells the other. False: it does not fit.
  bool guess(Side from, const packet::TcpHeader& tcp) noexcept;

  /// Whether the receiver throws this segment away for its timestamp (RFC 7323 section 5.3).
  bool is_old(Side from, const packet::Packet& packet) const noexcept;

  /// Notes the timestamp of a segment that was taken.
  void note_timestamp(Side from, const packet::Packet& packet, std::int64_t begin) noexcept;

  /// Whether the receiver of this RST will believe it now, after its sender proves it, or never.
  enum class Reset : std::uint8_t { ends, challenged, invalid };
  Reset judge_reset(Side from, const packet::Packet& packet) const noexcept;

  /// Whether a segment and its acknowledgement lie where both ends could take them.
  bool in_window(Side from, const Segment& segment, std::int64_t acknowledged) const noexcept;

  /// `from` has everything of the other side before `acknowledged`, and offers a window.
  void acknowledge(Side from, std::int64_t acknowledged, std::uint16_t window) noexcept;
};

}  // namespace bansoko::flow
