// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/tls/tls_parser.h"

#include <algorithm>

#include "shield/proto/tls/record.h"

namespace bansoko::proto::tls {
namespace {

constexpr std::uint8_t kMessageHeader = 4;

void tell(const Faults& faults, Side side, TransactionSink& sink) noexcept {
  faults.for_each([&](Anomaly anomaly) { sink.on_anomaly(side, anomaly); });
}

}  // namespace

TlsParser::TlsParser(const Limits& limits, TlsMemory& memory)
    : limits_(limits), budget_(memory.budget), handshake_(memory) {}

void TlsParser::reset(const Assignment&) noexcept {
  sides_ = {};
  next_id_ = 0;
  is_open_ = is_full_ = has_keys_ = has_retried_ = is_sealed_ = is_only_data_ = false;
  handshake_.progress = notice_.progress = {};
  handshake_.notes = notice_.notes = {};
  for (Flight& known : handshake_.flights) known.clear(budget_.is_tight());
}

Parsed TlsParser::feed(const StreamChunk& chunk, TransactionSink& sink) noexcept {
  SideState& from = state(chunk.from);
  if (chunk.gap > 0) {
    // Where the next record begins nobody knows.
    if (!from.is_opaque) sink.on_anomaly(chunk.from, gap);
    from.is_opaque = from.is_lost = true;
  }
  is_only_data_ = true;
  Bytes rest = chunk.bytes();
  while (!rest.empty() && !from.is_lost) {
    Piece piece;
    Faults faults;
    const bool is_clear = !from.is_opaque;
    const RecordReader::Read read = from.records.next(rest, piece, faults);
    if (is_clear) tell(faults, chunk.from, sink);
    if (read == RecordReader::Read::malformed) {
      if (is_clear) return Parsed::malformed;
      from.is_lost = true;
    }
    if (read != RecordReader::Read::piece) continue;
    is_only_data_ &= piece.type == ContentType::application_data && !piece.is_sslv2;
    if (is_clear && take(piece, chunk.from, sink) == Parsed::malformed) return Parsed::malformed;
  }
  is_only_data_ &= !from.records.is_in_header();
  return sides_[0].is_opaque && sides_[1].is_opaque ? seal(sink) : Parsed::more;
}

// From here on nothing is read but where records begin.
Parsed TlsParser::seal(TransactionSink& sink) noexcept {
  if (sides_[0].is_lost || sides_[1].is_lost) return Parsed::finished;
  if (is_sealed_) return Parsed::more;
  if (!limits_.seals || !has_agreed()) return Parsed::finished;
  end(sink);
  for (Flight& known : handshake_.flights) known.clear(budget_.is_tight());
  is_sealed_ = true;
  is_only_data_ = true;  // this chunk has been looked at: it is the next that is to wait
  return Parsed::more;
}

bool TlsParser::has_agreed() const noexcept {
  const Hello& answer = flight(Side::server).hello;
  if (!flight(Side::client).hello.is_here || !answer.is_here || answer.is_retry) return false;
  return is_tls13(answer.version) || (state(Side::client).has_changed && state(Side::server).has_changed);
}

void TlsParser::end(TransactionSink& sink) noexcept {
  if (!is_open_) return;
  for (const Side side : {Side::client, Side::server})
    if (handshake_.progress[flow::index(side)] != kNotStarted) advance(side, kComplete, sink);
  sink.on_end(handshake_);
  is_open_ = false;
}

Parsed TlsParser::take(const Piece& piece, Side side, TransactionSink& sink) noexcept {
  if (piece.is_sslv2) return take_sslv2(piece, side, sink);
  switch (piece.type) {
    case ContentType::handshake:
      return take_messages(piece.bytes, side, sink);
    case ContentType::application_data:
      take_application_data(side);
      break;
    default:
      take_notice(piece, side, sink);
      break;
  }
  return Parsed::more;
}

// A client may send data with its hello, under keys of before (RFC 8446 section 2.3); the rest of the
// handshake is still to come. Otherwise data come last.
void TlsParser::take_application_data(Side side) noexcept {
  const Hello& answer = flight(Side::server).hello;
  const bool is_early =
      side == Side::client && flight(side).hello.has_early_data && (!answer.is_here || answer.is_retry);
  if (!is_early) sides_[0].is_opaque = sides_[1].is_opaque = true;
}

void TlsParser::open() noexcept {
  if (is_open_) return;
  is_open_ = true;
  handshake_.id = next_id_++;
}

Parsed TlsParser::take_messages(Bytes bytes, Side side, TransactionSink& sink) noexcept {
  Message& message = state(side).message;
  while (!bytes.empty() && !state(side).is_opaque) {
    if (message.header_size < kMessageHeader) {
      message.header = message.header << 8U | bytes.front();
      bytes = bytes.subspan(1);
      if (++message.header_size < kMessageHeader) continue;
      if (begin_message(side, sink) == Parsed::malformed) return Parsed::malformed;
    } else {
      const Bytes part = bytes.first(std::min<std::size_t>(bytes.size(), message.left));
      bytes = bytes.subspan(part.size());
      message.left -= static_cast<std::uint32_t>(part.size());
      if (message.into != nullptr) keep(part, side, sink);
    }
    if (message.left == 0) end_message(side, sink);
  }
  return Parsed::more;
}

Parsed TlsParser::begin_message(Side side, TransactionSink& sink) noexcept {
  Message& message = state(side).message;
  message.left = message.header & 0xffffffU;
  message.into = nullptr;
  const bool by_client = side == Side::client;
  switch (message.type()) {
    case MessageType::client_hello:
    case MessageType::server_hello:
      if (by_client != (message.type() == MessageType::client_hello)) break;
      message.into = &flight(side).hello_bytes;
      return begin_hello(side, sink);
    case MessageType::certificate:
      if (flight(side).chain_count) break;
      message.into = &flight(side).chain_bytes;
      return Parsed::more;
    case MessageType::certificate_verify:
      if (!by_client || flight(side).is_verified) break;
      message.into = &flight(side).verify_bytes;
      return Parsed::more;
    default:
      return Parsed::more;
  }
  sink.on_anomaly(side, invalid_handshake_message);
  return Parsed::more;
}

// One that says hello again is in another transaction, where what the other side has said still holds, unless
// it was to ask for just that.
Parsed TlsParser::begin_hello(Side side, TransactionSink& sink) noexcept {
  if (state(side).hellos > 0 && !has_retried_) sink.on_anomaly(side, hello_repeated);
  if (++state(side).hellos > limits_.hellos) {
    sink.on_anomaly(side, hello_limit);
    return Parsed::malformed;
  }
  std::uint8_t& progress = handshake_.progress[flow::index(side)];
  if (progress != kNotStarted) {
    sink.on_end(handshake_);
    is_open_ = false;
    progress = kNotStarted;
    const bool is_asked_for = side == Side::client && flight(Side::server).hello.is_retry;
    if (is_asked_for && state(Side::server).message.into == nullptr) {
      flight(Side::server).clear(budget_.is_tight());
      handshake_.progress[flow::index(Side::server)] = kNotStarted;
    }
  }
  flight(side).clear(budget_.is_tight());
  return Parsed::more;
}

void TlsParser::keep(Bytes bytes, Side side, TransactionSink& sink) noexcept {
  Message& message = state(side).message;
  BudgetedBytes& into = *message.into;
  const std::size_t room = limits_.message_size - into.size();
  const Bytes kept = bytes.first(std::min(bytes.size(), room));
  if (!into.append(kept,
                   std::min<std::size_t>(into.size() + kept.size() + message.left, limits_.message_size))) {
    sink.on_anomaly(side, memory_limit);
  } else if (kept.size() == bytes.size()) {
    return;
  } else {
    sink.on_anomaly(side, message_limit);
  }
  read_message(side, sink);
  message.into = nullptr;
}

void TlsParser::end_message(Side side, TransactionSink& sink) noexcept {
  Message& message = state(side).message;
  if (message.into != nullptr) read_message(side, sink);
  switch (message.type()) {
    case MessageType::certificate:
    case MessageType::server_key_exchange:
    case MessageType::server_hello_done:
      is_full_ |= side == Side::server;
      break;
    case MessageType::client_key_exchange:
      has_keys_ |= side == Side::client;
      break;
    default:
      break;
  }
  message = {};
}

void TlsParser::read_message(Side side, TransactionSink& sink) noexcept {
  Flight& ours = flight(side);
  Faults faults;
  std::uint8_t step = step_hello;
  bool is_good = true;
  switch (state(side).message.type()) {
    case MessageType::certificate:
      read_chain(ours, faults);
      step = step_certificates;
      break;
    case MessageType::certificate_verify:
      read_verify(ours, faults);
      step = step_verified;
      break;
    default: {
      const Bytes body = ours.hello_bytes.bytes();
      ours.hello = side == Side::client ? read_client_hello(body, faults) : read_server_hello(body, faults);
      is_good = ours.hello.is_here;
      break;
    }
  }
  tell(faults, side, sink);
  if (is_good) advance(side, step, sink);
  if (side == Side::server && step == step_hello && is_good) server_has_chosen(sink);
}

void TlsParser::read_chain(Flight& of, Faults& faults) noexcept {
  ByteReader in(of.chain_bytes.bytes());
  const std::size_t size = in.u24();
  if (size != in.rest().size()) faults.add(certificate_invalid_length);
  of.chain = in.take(std::min(size, in.rest().size()));
  Bytes rest = of.chain;
  std::uint32_t count = 0;
  while (const auto found = next_certificate(rest)) {
    if (count++ == 0) of.leaf = *found;
  }
  of.chain_count = count;
  if (count > 0) of.certificate = read_certificate(of.leaf, faults);
}

void TlsParser::read_verify(Flight& of, Faults& faults) noexcept {
  of.is_verified = true;
  of.signature_overrun = signature_overrun(of.verify_bytes.bytes(), of.certificate.key,
                                           flight(Side::server).hello.version, faults);
}

void TlsParser::advance(Side side, std::uint8_t step, TransactionSink& sink) noexcept {
  open();
  std::uint8_t& progress = handshake_.progress[flow::index(side)];
  progress = std::max(progress, step);
  sink.on_progress(handshake_, side);
}

// From here on nothing is in the clear, if it is TLS 1.3; otherwise what the client has sent since its
// ChangeCipherSpec was not.
void TlsParser::server_has_chosen(TransactionSink& sink) noexcept {
  const Hello& hello = flight(Side::server).hello;
  has_retried_ |= hello.is_retry;
  if (is_tls13(hello.version)) {
    if (!hello.is_retry) sides_[0].is_opaque = sides_[1].is_opaque = true;
  } else if (state(Side::client).has_changed) {
    if (!has_keys_ && !flight(Side::client).hello.has_early_data) tell_late_that_it_was_early(sink);
    state(Side::client).is_opaque = true;
  }
}

Parsed TlsParser::take_sslv2(const Piece& piece, Side side, TransactionSink& sink) noexcept {
  Flight& ours = flight(side);
  if (piece.at == 0 && begin_hello(side, sink) == Parsed::malformed) return Parsed::malformed;
  const std::size_t room = limits_.message_size - ours.hello_bytes.size();
  ours.hello_bytes.append(piece.bytes.first(std::min(piece.bytes.size(), room)), limits_.message_size);
  if (!piece.ends_record()) return Parsed::more;
  const Bytes record = ours.hello_bytes.bytes();
  Faults faults;
  const std::uint8_t type = ByteReader(record).u8();
  const bool is_clients = side == Side::client;
  if (type != (is_clients ? MessageType::client_hello : MessageType::sslv2_server_hello)) {
    faults.add(invalid_sslv2_header);
  } else if (is_clients) {
    ours.hello = read_sslv2_client_hello(record, faults);
  } else {
    ours.hello = read_sslv2_server_hello(record, ours.leaf, faults);
  }
  if (ours.hello.is_here && !is_clients) {
    ours.certificate = read_certificate(ours.leaf, faults);
    ours.chain_count = 1;
  }
  tell(faults, side, sink);
  if (!ours.hello.is_here) return Parsed::malformed;
  advance(side, is_clients ? step_hello : step_certificates, sink);
  // What follows in SSL 2.0 itself has other records.
  if (!is_clients || ours.hello.version <= Version::ssl2) state(side).is_opaque = true;
  return Parsed::more;
}

}  // namespace bansoko::proto::tls
