// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "shield/proto/datagram_parser.h"
#include "shield/proto/ntp/message.h"
#include "shield/proto/settled_ports.h"

namespace bansoko::proto::ntp {
namespace {

constexpr std::uint16_t kPort = 123;

std::optional<Bytes> reference_id(Transaction& transaction, unsigned) noexcept {
  return static_cast<NtpMessage&>(transaction).reference_id;
}

template <auto part>
std::optional<std::uint64_t> number(const Transaction& transaction) noexcept {
  return static_cast<const NtpMessage&>(transaction).*part;
}

constexpr std::string_view kReference = "the four bytes that name where the time comes from";
constexpr std::string_view kVersion = "version";
constexpr std::string_view kMode = "what the message is";
constexpr std::string_view kStratum = "how far from a clock: 0 unknown, 1 a clock, 2 and more a server";

constexpr std::array kModes{
    NamedValue{"reserved", 0}, NamedValue{"symmetric_active", 1}, NamedValue{"symmetric_passive", 2},
    NamedValue{"client", 3},   NamedValue{"server", 4},           NamedValue{"broadcast", 5},
    NamedValue{"control", 6},  NamedValue{"private", 7},
};

constexpr std::array kBuffers{
    message_buffer("ntp.reference_id", kReference, Side::client, reference_id),
    message_buffer("ntp.reference_id", kReference, Side::server, reference_id),
};

constexpr std::array kFields{
    message_field("ntp.version", kVersion, Side::client, number<&NtpMessage::version>),
    message_field("ntp.version", kVersion, Side::server, number<&NtpMessage::version>),
    message_field("ntp.mode", kMode, Side::client, number<&NtpMessage::mode>, kModes),
    message_field("ntp.mode", kMode, Side::server, number<&NtpMessage::mode>, kModes),
    message_field("ntp.stratum", kStratum, Side::client, number<&NtpMessage::stratum>),
    message_field("ntp.stratum", kStratum, Side::server, number<&NtpMessage::stratum>),
};

constexpr std::array<std::string_view, 1> kAnomalies{"ntp.malformed_data"};

/// Its messages bear no mark: on another port they could be anything.
Guess probe(const StreamChunk& first, const Approach& approach) noexcept {
  if (approach.client_port != kPort && approach.server_port != kPort) return Guess::no;
  if (is_port_of_another(approach, {kPort})) return Guess::no;
  NtpMessage message;
  return !first.window.empty() && message.read(first.window) == 0 ? Guess::yes : Guess::maybe;
}

}  // namespace

const Protocol& describe() {
  static constexpr Protocol protocol{.name = "ntp",
                                     .help = "the Network Time Protocol",
                                     .transports = kOverUdp,
                                     .probe = probe,
                                     .make_parser = make_datagram_parser<NtpMessage>,
                                     .buffers = kBuffers,
                                     .fields = kFields,
                                     .anomalies = kAnomalies};
  return protocol;
}

}  // namespace bansoko::proto::ntp
