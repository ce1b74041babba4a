// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/pgsql/pgsql_parser.h"

#include <bit>

namespace bansoko::proto::pgsql {
namespace {

constexpr std::size_t kStartupHeader = 8, kHeaderSize = 5, kAnswerSize = 1;
constexpr std::size_t kLengthSize = 4;      // which counts itself
constexpr std::size_t kServerBytes = 4096;  // looked into of what the server says

bool asks_to_encrypt(std::uint32_t version) noexcept {
  return version == ssl_request || version == gssenc_request;
}

}  // namespace

void PgsqlParser::begin_flow(const Assignment&) noexcept {
  message_.parts = {};
  types_ = {};
  version_ = 0;
  awaited_answers_ = 0;
  is_started_ = is_answer_ = false;
}

std::size_t PgsqlParser::header_size(Side side, std::uint8_t first) const noexcept {
  if (side == Side::client) return is_started_ ? kHeaderSize : kStartupHeader;
  return awaited_answers_ > 0 && first != 'E' ? kAnswerSize : kHeaderSize;
}

std::optional<Framing> PgsqlParser::read_header(Side side, Bytes header) noexcept {
  if (header.size() == kStartupHeader) return read_startup_header(header);
  ByteReader in(header);
  const std::uint8_t type = in.u8();
  types_[flow::index(side)] = type;
  is_answer_ = header.size() == kAnswerSize;
  if (is_answer_) return Framing{};
  const std::uint32_t size = in.u32();
  const bool is_known = side == Side::client ? is_request_type(type) : is_response_type(type);
  if (!is_known || size < kLengthSize) return std::nullopt;
  const bool is_data = type == 'd' || (side == Side::server && type == 'D');
  return Framing{.size = size - kLengthSize,
                 .wanted = is_data                ? 0
                           : side == Side::server ? kServerBytes
                                                  : SIZE_MAX};
}

std::optional<Framing> PgsqlParser::read_startup_header(Bytes header) noexcept {
  ByteReader in(header);
  const std::uint32_t size = in.u32();
  version_ = in.u32();
  types_[flow::index(Side::client)] = 0;
  if (size < kStartupHeader || size > kLongestStartup) return std::nullopt;
  is_started_ = !asks_to_encrypt(version_);
  return Framing{.size = size - kStartupHeader};
}

Parsed PgsqlParser::read_message(Side side, Bytes message, bool is_whole, TransactionSink& sink) noexcept {
  message_.parts = {};
  message_.parts.type = types_[flow::index(side)];
  message_.parts.size = message.size();
  return side == Side::client ? read_client(message, is_whole, sink) : read_server(message, is_whole, sink);
}

void PgsqlParser::tell_of(Side side, Anomalies found, TransactionSink& sink) noexcept {
  for (; found != 0; found &= found - 1)
    sink.on_anomaly(side, static_cast<std::size_t>(std::countr_zero(found)));
  tell(message_, side, sink);
}

Parsed PgsqlParser::read_client(Bytes message, bool is_whole, TransactionSink& sink) noexcept {
  const std::uint8_t type = types_[flow::index(Side::client)];
  if (type != 0) {
    const Anomalies found = read_request(type, message, message_.parts);
    tell_of(Side::client, is_whole ? found : 0, sink);
    return Parsed::more;
  }
  Anomalies found = read_startup(version_, message, message_.parts);
  // The answer decides whether what comes now is read at all.
  if (awaited_answers_ > 0) found |= bit(unencrypted_behind_request);
  if (asks_to_encrypt(version_) && awaited_answers_ < UINT8_MAX) ++awaited_answers_;
  tell_of(Side::client, found, sink);
  // Messages of protocol 2 state no length.
  if ((found & bit(old_protocol)) != 0) return Parsed::finished;
  return Parsed::more;
}

Parsed PgsqlParser::read_server(Bytes message, bool is_whole, TransactionSink& sink) noexcept {
  const std::uint8_t type = types_[flow::index(Side::server)];
  if (is_answer_) {
    --awaited_answers_;
    if (type == 'S') return hand_over("tls", sink);
    return type == 'G' ? Parsed::finished : Parsed::more;
  }
  const Anomalies found = read_response(type, message, message_.parts);
  tell_of(Side::server, is_whole ? found : 0, sink);
  return Parsed::more;
}

}  // namespace bansoko::proto::pgsql
