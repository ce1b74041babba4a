// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "base/bytes.h"
#include "shield/proto/mysql/anomaly.h"
#include "shield/proto/protocol.h"

namespace bansoko::proto::mysql {

/// What of the connection phase is looked at among the capabilities that a side states.
enum Capability : std::uint32_t {
  connect_with_database = 1U << 3,
  compress = 1U << 5,
  protocol_41 = 1U << 9,
  encrypt = 1U << 11,
  secure_connection = 1U << 15,
  plugin_auth = 1U << 19,
  length_encoded_auth = 1U << 21,
  compress_zstd = 1U << 26,
  query_attributes = 1U << 27,
};

enum Command : std::uint8_t { init_database = 2, query_command = 3, change_user = 17, prepare = 22 };

/// One message, of either side. What it does not have is nothing. Views into the message's bytes.
struct MysqlMessage final : Transaction {
  struct Parts {
    // Of the server.
    std::optional<std::uint64_t> protocol_version = {}, error_code = {};
    std::optional<Bytes> version = {}, sql_state = {}, error_text = {};
    // Of both: in the greeting, in the login.
    std::optional<std::uint64_t> capabilities = {};
    // Of the client.
    std::optional<std::uint64_t> command = {}, auth_length = {};
    std::optional<Bytes> argument = {}, query = {};
    std::optional<Bytes> user = {}, database = {}, auth_data = {}, auth_plugin = {};
  };
  Parts parts = {};
};

using Parts = MysqlMessage::Parts;

/// The server's first message: Protocol::HandshakeV10 or V9, or an error.
Anomalies read_greeting(Bytes message, Parts& into) noexcept;
/// ERR_Packet; `false`: it is none.
bool read_error(Bytes message, Parts& into) noexcept;
/// Protocol::HandshakeResponse41 or 320.
Anomalies read_login(Bytes message, Parts& into) noexcept;
/// A message of the command phase. `agreed`: capabilities that both sides have.
Anomalies read_command(Bytes message, std::uint32_t agreed, Parts& into) noexcept;

/// The tables of buffers and fields.
std::span<const Buffer> mysql_buffers() noexcept;
std::span<const Field> mysql_fields() noexcept;

}  // namespace bansoko::proto::mysql
