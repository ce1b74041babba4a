// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/tds/body_reader.h"

namespace bansoko::proto::tds {
namespace {

/// [MS-TDS] section 2.2.7.
enum Token : std::uint8_t {
  return_status = 0x79,
  table_name = 0xA4,
  column_info = 0xA5,
  order = 0xA9,
  error = 0xAA,
  information = 0xAB,
  login_acknowledged = 0xAD,
  environment_change = 0xE3,
  sspi_token = 0xED,
  done = 0xFD,
  done_procedure = 0xFE,
  done_in_procedure = 0xFF,
};

constexpr std::size_t kMostTokens = 64;

/// How many bytes follow the token; nothing: only who knows the columns can tell.
std::optional<std::size_t> size_of(std::uint8_t token, ByteReader& in, const Session& session) noexcept {
  switch (token) {
    case table_name:
    case column_info:
    case order:
    case error:
    case information:
    case login_acknowledged:
    case environment_change:
    case sspi_token:
      return in.u16le();
    case return_status:
      return 4;
    case done:
    case done_procedure:
    case done_in_procedure:
      if (session.version == 0) return std::nullopt;
      return session.version < 0x72 ? 8 : 12;
    default:
      return std::nullopt;
  }
}

}  // namespace

Anomalies BodyReader::result(Bytes body) noexcept {
  ByteReader in(body);
  for (std::size_t i = 0; i < kMostTokens && !in.rest().empty(); ++i) {
    const std::uint8_t token = in.u8();
    const auto size = size_of(token, in, session_);
    if (!size || !in.ok()) break;
    ByteReader data = in;
    in.skip(*size);
    if (token != error && token != information) continue;
    const std::uint32_t number = data.u32le();
    if (!data.ok()) break;
    (token == error ? into_.errors : into_.notices).add(number);
  }
  return found_;
}

}  // namespace bansoko::proto::tds
