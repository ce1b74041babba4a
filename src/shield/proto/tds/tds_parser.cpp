// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/tds/tds_parser.h"

#include <bit>

#include "shield/proto/tds/utf16.h"

namespace bansoko::proto::tds {
namespace {

constexpr std::size_t kHeaderSize = 8, kTlsHeaderSize = 5, kSessionHeaderSize = 16;
constexpr std::uint8_t kFirstTls = 0x14, kLastTls = 0x17;  // change_cipher_spec to application_data
constexpr std::uint8_t kSession = 0x53;                    // SMID of [MC-SMP] section 2.2.1
constexpr std::uint8_t kSessionData = 0x08;
constexpr std::uint8_t kLastPacket = 0x01;
constexpr std::size_t kResultBytes = 4096;  // looked into of a result
constexpr std::uint64_t kEncryptionOn = 1, kEncryptionRequired = 3;

bool is_tls_type(std::uint8_t first) noexcept { return first >= kFirstTls && first <= kLastTls; }

bool is_known(Side side, std::uint8_t type) noexcept {
  switch (type) {
    case tabular_result:
    case tds5_tokens:
      return true;
    case sql_batch:
    case legacy_login:
    case rpc_request:
    case attention:
    case bulk_load:
    case federated_token:
    case transaction_manager:
    case login7:
    case sspi:
    case prelogin:
      return side == Side::client;
    default:
      return false;
  }
}

}  // namespace

bool is_tls_record(Bytes bytes) noexcept {
  return bytes.size() >= 2 && is_tls_type(bytes[0]) && bytes[1] == 3;
}

void TdsParser::begin_flow(const Assignment& assignment) noexcept {
  // The first buffer of the table is the SQL text.
  session_ = {.wants_text = (assignment.wanted & 1U) != 0};
  types_ = {};
  awaits_prelogin_ = encrypts_all_ = false;
  message_.clear(budget_.is_tight());
}

std::size_t TdsParser::header_size(Side, std::uint8_t first) const noexcept {
  if (is_tls_type(first)) return kTlsHeaderSize;
  return first == kSession ? kSessionHeaderSize : kHeaderSize;
}

std::optional<Framing> TdsParser::read_header(Side side, Bytes header) noexcept {
  if (is_tls_record(header)) {
    note_encrypted();
    return Framing{.size = ByteReader(header.subspan(3)).u16(), .is_apart = true};
  }
  ByteReader in(header);
  const std::uint8_t type = in.u8();
  const std::uint8_t status = in.u8();
  if (type == kSession) {
    in.skip(2);
    const std::uint32_t size = in.u32le();
    if (size < kSessionHeaderSize) return std::nullopt;
    // The packet of TDS in it comes next.
    return Framing{.size = status == kSessionData ? 0 : size - kSessionHeaderSize, .is_apart = true};
  }
  const std::uint16_t size = in.u16();
  if (size < kHeaderSize || !is_known(side, type)) return std::nullopt;
  if (!is_continued(side)) types_[flow::index(side)] = type;
  const bool is_result = side == Side::server;
  return Framing{.size = size - kHeaderSize,
                 .is_last = (status & kLastPacket) != 0,
                 .wanted = is_result           ? kResultBytes
                           : type == bulk_load ? 0
                                               : SIZE_MAX};
}

/// Of what the server only said it would not encrypt the rest follows.
void TdsParser::note_encrypted() noexcept {
  if (!encrypts_all_) return;
  stop(Side::client);
  stop(Side::server);
}

Parsed TdsParser::read_message(Side side, Bytes body, bool, TransactionSink& sink) noexcept {
  message_.clear(budget_.is_tight());
  message_.type = types_[flow::index(side)];
  message_.size = body.size();
  BodyReader reader(session_, message_, most_utf8(limits().message_size) + TdsMessage::kFixed);
  Anomalies found = side == Side::client ? read_request(reader, body) : read_result(reader, body);
  for (; found != 0; found &= found - 1)
    sink.on_anomaly(side, static_cast<std::size_t>(std::countr_zero(found)));
  tell(message_, side, sink);
  return Parsed::more;
}

Anomalies TdsParser::read_request(BodyReader& reader, Bytes body) noexcept {
  switch (types_[flow::index(Side::client)]) {
    case prelogin:
      if (is_tls_record(body)) {
        note_encrypted();
        return 0;
      }
      awaits_prelogin_ = true;
      return reader.prelogin(body);
    case login7: {
      const Anomalies found = reader.login(body);
      if (message_.version) session_.version = static_cast<std::uint8_t>(*message_.version >> 24U);
      return found;
    }
    case legacy_login:
      session_.is_single_byte = true;
      return reader.legacy_login(body);
    case tds5_tokens:
      session_.is_single_byte = true;
      return 0;
    case sql_batch:
      return reader.batch(body);
    case rpc_request:
      return session_.is_single_byte ? 0 : reader.call(body);
    default:
      return 0;
  }
}

Anomalies TdsParser::read_result(BodyReader& reader, Bytes body) noexcept {
  if (!awaits_prelogin_ || body.empty() || body.front() != 0) return reader.result(body);
  awaits_prelogin_ = false;
  const Anomalies found = reader.prelogin(body);
  encrypts_all_ = message_.encryption == kEncryptionOn || message_.encryption == kEncryptionRequired;
  return found;
}

}  // namespace bansoko::proto::tds
