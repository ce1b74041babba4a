// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "shield/proto/datagram_parser.h"
#include "shield/proto/settled_ports.h"
#include "shield/proto/snmp/message.h"

namespace bansoko::proto::snmp {
namespace {

template <auto part>
std::optional<Bytes> text(Transaction& transaction, unsigned) noexcept {
  return static_cast<SnmpMessage&>(transaction).*part;
}

template <auto part>
std::optional<std::uint64_t> number(const Transaction& transaction) noexcept {
  return static_cast<const SnmpMessage&>(transaction).*part;
}

constexpr std::string_view kCommunity = "the community of SNMPv1 and v2c";
constexpr std::string_view kUser = "the user of SNMPv3's user-based security model";
constexpr std::string_view kVersion = "1, 2 (v2c) or 3";
constexpr std::string_view kPduType = "what is asked or answered, unless encrypted";
constexpr std::string_view kTrapType = "the generic trap of an SNMPv1 trap";

constexpr std::array kBuffers{
    message_buffer("snmp.community", kCommunity, Side::client, text<&SnmpMessage::community>),
    message_buffer("snmp.community", kCommunity, Side::server, text<&SnmpMessage::community>),
    message_buffer("snmp.usm", kUser, Side::client, text<&SnmpMessage::user>),
    message_buffer("snmp.usm", kUser, Side::server, text<&SnmpMessage::user>),
};

constexpr std::string_view kOverrun = "by how many bytes a length in it reaches beyond what holds it";
constexpr std::string_view kOidLength =
    "the numbers of its longest object identifier, which must not pass 128";

constexpr std::array kPduTypes{
    NamedValue{"get_request", 0},    NamedValue{"get_next_request", 1}, NamedValue{"response", 2},
    NamedValue{"set_request", 3},    NamedValue{"trap_v1", 4},          NamedValue{"get_bulk_request", 5},
    NamedValue{"inform_request", 6}, NamedValue{"trap_v2", 7},          NamedValue{"report", 8},
};

constexpr std::array kTrapTypes{
    NamedValue{"cold_start", 0},
    NamedValue{"warm_start", 1},
    NamedValue{"link_down", 2},
    NamedValue{"link_up", 3},
    NamedValue{"authentication_failure", 4},
    NamedValue{"egp_neighbor_loss", 5},
    NamedValue{"enterprise_specific", 6},
};

constexpr std::array kFields{
    message_field("snmp.version", kVersion, Side::client, number<&SnmpMessage::version>),
    message_field("snmp.version", kVersion, Side::server, number<&SnmpMessage::version>),
    message_field("snmp.pdu_type", kPduType, Side::client, number<&SnmpMessage::pdu_type>, kPduTypes),
    message_field("snmp.pdu_type", kPduType, Side::server, number<&SnmpMessage::pdu_type>, kPduTypes),
    message_field("snmp.trap_type", kTrapType, Side::client, number<&SnmpMessage::trap_type>, kTrapTypes),
    message_field("snmp.trap_type", kTrapType, Side::server, number<&SnmpMessage::trap_type>, kTrapTypes),
    message_field("snmp.overrun", kOverrun, Side::client, number<&SnmpMessage::overrun>),
    message_field("snmp.overrun", kOverrun, Side::server, number<&SnmpMessage::overrun>),
    message_field("snmp.oid_length", kOidLength, Side::client, number<&SnmpMessage::oid_length>),
    message_field("snmp.oid_length", kOidLength, Side::server, number<&SnmpMessage::oid_length>),
};

/// A sequence that begins with a version and what that version has next is a mark of its own. Only a message
/// that is as it should be to its end is taken for one, but on the protocol's own ports one that begins so.
Guess probe(const StreamChunk& first, const Approach& approach) noexcept {
  if (first.window.empty()) return Guess::maybe;
  if (is_port_of_another(approach, {161, 162})) return Guess::no;
  SnmpMessage message;
  constexpr std::uint32_t kMalformed = 1U << malformed_data;
  if ((message.read(first.window) & kMalformed) == 0) return Guess::yes;
  const Guess guess = unless_own_port(Guess::no, approach, {161, 162});
  return guess == Guess::maybe && begins_message(first.window) ? Guess::yes : guess;
}

}  // namespace

const Protocol& describe() {
  static constexpr Protocol protocol{.name = "snmp",
                                     .help = "the Simple Network Management Protocol, versions 1 to 3",
                                     .transports = kOverUdp,
                                     .probe = probe,
                                     .make_parser = make_datagram_parser<SnmpMessage>,
                                     .buffers = kBuffers,
                                     .fields = kFields,
                                     .anomalies = kAnomalies};
  return protocol;
}

}  // namespace bansoko::proto::snmp
