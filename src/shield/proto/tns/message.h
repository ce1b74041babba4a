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

namespace bansoko::proto::tns {

enum Anomaly : std::uint8_t {
  malformed_packet = MessageParser::first_own,
  connect_data_outside,
  anomaly_count
};

/// A set of them.
using Anomalies = std::uint32_t;
constexpr Anomalies bit(unsigned anomaly) noexcept { return 1U << anomaly; }

inline constexpr std::array<std::string_view, anomaly_count> kAnomalies{
    "tns.gap",                   // bytes of the stream were lost
    "tns.message_limit",         // a packet longer than message_size: its end is not looked into
    "tns.memory_limit",          // a packet is looked into as far as there was memory
    "tns.malformed_header",      // no packet of TNS: no longer parsed
    "tns.malformed_packet",      // a packet that ends within what its type has
    "tns.connect_data_outside",  // connect data that do not lie within their packet
};

enum PacketType : std::uint8_t {
  connect = 1,
  accept = 2,
  acknowledge = 3,
  refuse = 4,
  redirect = 5,
  data = 6,
  null_packet = 7,
  abort_packet = 9,
  resend = 11,
  marker = 12,
  attention = 13,
  control = 14,
  data_descriptor = 15,
};
inline constexpr std::uint8_t kLastType = 19;

inline constexpr std::size_t kHeaderSize = 8;

/// One packet, of either side. What it does not have is nothing. Views into the packet's bytes.
struct TnsMessage final : Transaction {
  struct Parts {
    std::optional<std::uint64_t> type = {}, size = {}, version = {}, compatible = {}, sdu = {};
    std::optional<std::uint64_t> connect_data_length = {}, error = {};
    std::optional<Bytes> connect_data = {}, redirect_data = {}, refuse_data = {}, data = {};
  };
  Parts parts = {};
};

using Parts = TnsMessage::Parts;

/// CONNECT. `pending`: bytes of its connect data that the next packets of data have.
Anomalies read_connect(Bytes body, Parts& into, std::size_t& pending) noexcept;
Anomalies read_accept(Bytes body, Parts& into) noexcept;
Anomalies read_refusal(Bytes body, Parts& into) noexcept;
Anomalies read_redirect(Bytes body, Parts& into) noexcept;
Anomalies read_data(Bytes body, Parts& into) noexcept;

/// The value of the nth pair of that name in connect data: "(NAME=value)", in either case and with blanks.
std::optional<Bytes> value_of(Bytes connect_data, std::string_view name, unsigned nth) noexcept;

/// The tables of buffers and fields.
std::span<const Buffer> tns_buffers() noexcept;
std::span<const Field> tns_fields() noexcept;

}  // namespace bansoko::proto::tns
