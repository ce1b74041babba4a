// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "base/bytes.h"
#include "shield/proto/message_parser.h"
#include "shield/proto/protocol.h"

namespace bansoko::proto::pgsql {

enum Anomaly : std::uint8_t {
  malformed_startup = MessageParser::first_own,
  malformed_message,
  unencrypted_behind_request,
  old_protocol,
  anomaly_count
};

/// A set of them.
using Anomalies = std::uint32_t;
constexpr Anomalies bit(unsigned anomaly) noexcept { return 1U << anomaly; }

inline constexpr std::array<std::string_view, anomaly_count> kAnomalies{
    "pgsql.gap",                // bytes of the stream were lost
    "pgsql.message_limit",      // a message longer than message_size: its end is not looked into
    "pgsql.memory_limit",       // a message is looked into as far as there was memory
    "pgsql.malformed_header",   // no message of PostgreSQL: no longer parsed
    "pgsql.malformed_startup",  // a startup whose parameters are not pairs of texts, or of an unknown version
    "pgsql.malformed_message",  // a message that ends within its fields
    "pgsql.unencrypted_behind_request",  // who asks to encrypt goes on without waiting for the answer
    "pgsql.old_protocol",                // of protocol 2 only the startup is read
};

/// What comes in the place of a version in a startup ("Message Formats" in PostgreSQL's documentation).
enum Version : std::uint32_t {
  protocol_2 = 2U << 16,
  protocol_3 = 3U << 16,
  cancel_request = 80877102,
  ssl_request = 80877103,
  gssenc_request = 80877104,
};

inline constexpr std::size_t kLongestStartup = 10000;  // that a server accepts

/// One message, of either side. What it does not have is nothing. Views into the message's bytes.
struct PgsqlMessage final : Transaction {
  static constexpr std::size_t kMostDatabases = 4;

  struct Parts {
    std::optional<std::uint64_t> type = {}, size = {};
    // Of the client.
    std::optional<std::uint64_t> version = {};
    std::optional<Bytes> parameters = {}, user = {}, options = {}, query = {}, statement = {};
    std::array<std::optional<Bytes>, kMostDatabases> databases = {};
    // Of the server.
    std::optional<std::uint64_t> authentication = {};
    std::optional<Bytes> error_code = {}, error_text = {}, server_version = {};
  };
  Parts parts = {};
};

using Parts = PgsqlMessage::Parts;

/// What follows the version.
Anomalies read_startup(std::uint32_t version, Bytes body, Parts& into) noexcept;
Anomalies read_request(std::uint8_t type, Bytes body, Parts& into) noexcept;
Anomalies read_response(std::uint8_t type, Bytes body, Parts& into) noexcept;

bool is_request_type(std::uint8_t type) noexcept;
bool is_response_type(std::uint8_t type) noexcept;

/// The tables of buffers and fields.
std::span<const Buffer> pgsql_buffers() noexcept;
std::span<const Field> pgsql_fields() noexcept;

}  // namespace bansoko::proto::pgsql
