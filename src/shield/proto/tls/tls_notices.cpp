// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "shield/proto/tls/record.h"
#include "shield/proto/tls/tls_parser.h"

namespace bansoko::proto::tls {
namespace {

// How many bytes of a record tell what it is about.
constexpr std::size_t telling_size(std::uint8_t type) noexcept {
  switch (type) {
    case ContentType::alert:
      return 2;
    case ContentType::heartbeat:
      return 3;
    default:
      return 1;
  }
}

}  // namespace

void TlsParser::take_notice(const Piece& piece, Side side, TransactionSink& sink) noexcept {
  NoticeStart& start = state(side).notice;
  if (piece.at == 0) start = {};
  const std::size_t wanted = std::min<std::size_t>(telling_size(piece.type), piece.record_size);
  if (start.size == wanted) return;
  const Bytes part = piece.bytes.first(std::min(piece.bytes.size(), wanted - start.size));
  std::ranges::copy(part, start.bytes.begin() + start.size);
  start.size = static_cast<std::uint8_t>(start.size + part.size());
  if (start.size < wanted) return;

  notice_.record_type = piece.type;
  notice_.record_size = piece.record_size;
  notice_.start = start.bytes;
  notice_.start_size = start.size;
  notice_.is_early = piece.type == ContentType::change_cipher_spec && is_early_change(side);
  tell_notice(side, sink);
  if (piece.type != ContentType::change_cipher_spec) return;
  state(side).has_changed = true;
  if (!may_be_tls13()) state(side).is_opaque = true;
}

void TlsParser::tell_notice(Side side, TransactionSink& sink) noexcept {
  notice_.id = next_id_++;
  notice_.progress = {};
  notice_.progress[flow::index(side)] = kComplete;
  Faults faults;
  judge_notice(side, faults);
  faults.for_each([&](Anomaly anomaly) { sink.on_anomaly(side, anomaly); });
  sink.on_progress(notice_, side);
  sink.on_end(notice_);
}

// What the client sent right behind its hello may have been in its turn as long as nothing of the server was
// seen. With early data TLS 1.3 has it there (RFC 8446 appendix D.4), and a server of before is then given
// up.
void TlsParser::tell_late_that_it_was_early(TransactionSink& sink) noexcept {
  if (!flight(Side::client).hello.is_here) return;
  notice_.record_type = ContentType::change_cipher_spec;
  notice_.record_size = 1;
  notice_.start = {1};
  notice_.start_size = 1;
  notice_.is_early = true;
  tell_notice(Side::client, sink);
}

void TlsParser::judge_notice(Side side, Faults& faults) noexcept {
  switch (notice_.record_type) {
    case ContentType::alert:
      if (notice_.record_size != 2 || notice_.start[0] < 1 || notice_.start[0] > 2)
        faults.add(invalid_alert_message);
      break;
    case ContentType::heartbeat:
      judge_heartbeat(side, faults);
      break;
    default:
      if (notice_.is_early) faults.add(early_change_cipher_spec);
      break;
  }
}

void TlsParser::judge_heartbeat(Side side, Faults& faults) noexcept {
  constexpr std::uint8_t kRequest = 1, kResponse = 2;
  constexpr std::uint64_t kLeastPadding = 16;
  const std::uint8_t type = notice_.start[0];
  faults.add(heartbeat_message);
  if (notice_.start_size < notice_.start.size() || (type != kRequest && type != kResponse))
    return faults.add(invalid_heartbeat_message);
  if (notice_.overread() > kLeastPadding) faults.add(overflow_heartbeat_message);
  if (type == kRequest) {
    state(side).heartbeat_size = notice_.record_size;
  } else if (notice_.record_size > state(flow::other(side)).heartbeat_size) {
    faults.add(dataleak_heartbeat_mismatch);
  }
}

// The client changes to keys that a key exchange has made, or after the server where both resume with the
// keys of before (RFC 5246 section 7.3).
bool TlsParser::is_early_change(Side side) const noexcept {
  if (!flight(side).hello.is_here) return true;
  // Where one side is all that we see, nobody can tell.
  if (may_be_tls13() || !flight(flow::other(side)).hello.is_here) return false;
  if (side == Side::client) return !has_keys_ && !state(Side::server).has_changed;
  return is_full_ && !has_keys_;
}

// In TLS 1.3 a ChangeCipherSpec means nothing (RFC 8446 appendix D.4).
bool TlsParser::may_be_tls13() const noexcept {
  const Hello& chosen = flight(Side::server).hello;
  return chosen.is_here ? is_tls13(chosen.version) : flight(Side::client).hello.offers_tls13;
}

}  // namespace bansoko::proto::tls
