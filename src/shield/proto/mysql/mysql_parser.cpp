// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/mysql/mysql_parser.h"

#include <bit>

namespace bansoko::proto::mysql {
namespace {

constexpr std::size_t kHeaderSize = 4;
constexpr std::uint32_t kGoesOn = 0xFFFFFF;  // the size of a packet that another follows
constexpr std::size_t kServerBytes = 1024;   // looked into of what the server says
constexpr std::uint8_t kAccepted = 0;        // OK_Packet
constexpr std::size_t kRequest41Size = 32, kRequest320Size = 5;

}  // namespace

void MysqlParser::begin_flow(const Assignment&) noexcept {
  message_.parts = {};
  first_ = last_ = {};
  server_capabilities_ = agreed_ = 0;
  is_greeted_ = has_login_ = is_accepted_ = false;
}

std::size_t MysqlParser::header_size(Side, std::uint8_t) const noexcept { return kHeaderSize; }

std::optional<Framing> MysqlParser::read_header(Side side, Bytes header) noexcept {
  ByteReader in(header);
  const std::uint32_t low = in.u16le();
  const std::uint32_t size = std::uint32_t{in.u8()} << 16U | low;
  const std::uint8_t number = in.u8();
  std::uint8_t& last = last_[flow::index(side)];
  if (!is_continued(side))
    first_[flow::index(side)] = number;
  else if (number != static_cast<std::uint8_t>(last + 1))
    return std::nullopt;
  last = number;
  return Framing{
      .size = size, .is_last = size != kGoesOn, .wanted = side == Side::server ? kServerBytes : SIZE_MAX};
}

Parsed MysqlParser::read_message(Side side, Bytes message, bool, TransactionSink& sink) noexcept {
  message_.parts = {};
  return side == Side::client ? read_client(message, sink) : read_server(message, sink);
}

void MysqlParser::tell_of(Side side, Anomalies found, TransactionSink& sink) noexcept {
  for (; found != 0; found &= found - 1)
    sink.on_anomaly(side, static_cast<std::size_t>(std::countr_zero(found)));
  tell(message_, side, sink);
}

/// Each command begins with sequence number 0, which the server insists on; what else comes behind the login
/// belongs to its authentication, or is a file that the server asked for.
Parsed MysqlParser::read_client(Bytes message, TransactionSink& sink) noexcept {
  const bool is_command = first_[flow::index(Side::client)] == 0 && (has_login_ || !is_greeted_);
  if (is_command) {
    tell_of(Side::client, read_command(message, agreed_, message_.parts), sink);
    return Parsed::more;
  }
  if (has_login_) return Parsed::more;
  if (is_encryption_request(message)) return hand_over("tls", sink);
  has_login_ = true;
  const Anomalies found = read_login(message, message_.parts);
  agreed_ = static_cast<std::uint32_t>(message_.parts.capabilities.value_or(0));
  if (is_greeted_) agreed_ &= server_capabilities_;
  tell_of(Side::client, found, sink);
  return Parsed::more;
}

/// A login that is cut short behind its fixed part: what follows is TLS, if the server has offered it.
bool MysqlParser::is_encryption_request(Bytes message) const noexcept {
  ByteReader in(message);
  const std::uint16_t flags = in.u16le();
  const bool is_short = message.size() == kRequest41Size || message.size() == kRequest320Size;
  const bool is_offered = !is_greeted_ || (server_capabilities_ & encrypt) != 0;
  return is_short && is_offered && (flags & encrypt) != 0;
}

Parsed MysqlParser::read_server(Bytes message, TransactionSink& sink) noexcept {
  if (!is_greeted_ && !has_login_) {
    is_greeted_ = true;
    const Anomalies found = read_greeting(message, message_.parts);
    server_capabilities_ = static_cast<std::uint32_t>(message_.parts.capabilities.value_or(0));
    tell_of(Side::server, found, sink);
    return Parsed::more;
  }
  if (read_error(message, message_.parts)) {
    tell_of(Side::server, 0, sink);
    return Parsed::more;
  }
  if (is_accepted_ || !has_login_ || message.empty() || message.front() != kAccepted) return Parsed::more;
  is_accepted_ = true;
  if ((agreed_ & (compress | compress_zstd)) == 0) return Parsed::more;
  sink.on_anomaly(Side::server, compressed);
  return Parsed::finished;
}

}  // namespace bansoko::proto::mysql
