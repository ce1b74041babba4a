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

/// Replication between WINS servers ([MS-WINSRA]).
namespace bansoko::proto::wins {

enum Anomaly : std::uint8_t {
  other_message = MessageParser::first_own,
  short_message,
  records_outside,
  foreign_handle,
  anomaly_count
};

/// A set of them.
using Anomalies = std::uint32_t;
constexpr Anomalies bit(unsigned anomaly) noexcept { return 1U << anomaly; }

inline constexpr std::array<std::string_view, anomaly_count> kAnomalies{
    "wins.gap",                // bytes of the stream were lost
    "wins.message_limit",      // a message longer than message_size: its end is not looked into
    "wins.memory_limit",       // a message is looked into as far as there was memory
    "wins.malformed_header",   // never: whatever comes has a length
    "wins.other_message",      // one that is not about replication
    "wins.short_message",      // it ends within what every message of its kind has
    "wins.records_outside",    // its owners or names reach beyond its end
    "wins.foreign_assoc_ctx",  // to an association that the receiver has not given a handle for
};

// [MS-WINSRA] section 2.2.2.
enum MessageType : std::uint32_t { start = 0, start_reply = 1, stop = 2, replication = 3 };

// [MS-WINSRA] sections 2.2.6 to 2.2.14.
enum Command : std::uint8_t {
  table_query = 0,
  table_reply = 1,
  send_request = 2,
  send_reply = 3,
  update = 4,
  update_propagated = 5,
  inform = 8,
  inform_propagated = 9,
};

inline constexpr std::size_t kLengthSize = 4;
/// All bits of the opcode of a name service message, which no such message has (RFC 1002 section 4.2.1.1).
inline constexpr std::uint16_t kReplicationBits = 0x7800;

/// One message, of either side. What it does not have is nothing.
struct WinsMessage final : Transaction {
  struct Parts {
    std::optional<std::uint64_t> size = {}, handle = {}, is_foreign = {}, type = {}, command = {};
    std::optional<std::uint64_t> own_handle = {};  // that its sender gives to the association
    std::optional<std::uint64_t> record_count = {}, name_length = {}, address_count = {};
    std::optional<std::uint64_t> overrun = {};
  };
  Parts parts = {};
};

using Parts = WinsMessage::Parts;

/// Reads a message behind its length as far as it is at hand. `stated`: the length.
Anomalies read_message(Bytes body, std::uint64_t stated, Parts& into) noexcept;

/// The table of fields.
std::span<const Field> wins_fields() noexcept;

}  // namespace bansoko::proto::wins
