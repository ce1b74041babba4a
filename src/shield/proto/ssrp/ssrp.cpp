// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "shield/proto/datagram_parser.h"
#include "shield/proto/settled_ports.h"
#include "shield/proto/ssrp/message.h"

namespace bansoko::proto::ssrp {
namespace {

template <auto part>
std::optional<Bytes> text(Transaction& transaction, unsigned) noexcept {
  return static_cast<SsrpMessage&>(transaction).*part;
}

template <auto part>
std::optional<std::uint64_t> number(const Transaction& transaction) noexcept {
  return static_cast<const SsrpMessage&>(transaction).*part;
}

constexpr std::string_view kInstance = "the instance that is asked about, up to its zero byte or the end";
constexpr std::string_view kInstanceLength = "the length of that name, which must not pass 32";
constexpr std::string_view kResponse = "what an answer says of instances";
constexpr std::string_view kResponseSize = "the size that an answer states";
constexpr std::string_view kType = "what is asked or answered";
constexpr std::string_view kDacPort = "the port of the dedicated administrator connection";

// Either may begin: who answers a broadcast has not been asked by that address.
constexpr std::array kBuffers{
    message_buffer("ssrp.instance", kInstance, Side::client, text<&SsrpMessage::instance>),
    message_buffer("ssrp.instance", kInstance, Side::server, text<&SsrpMessage::instance>),
    message_buffer("ssrp.response", kResponse, Side::client, text<&SsrpMessage::answer>),
    message_buffer("ssrp.response", kResponse, Side::server, text<&SsrpMessage::answer>),
};

constexpr std::array kTypes{
    NamedValue{"broadcast", broadcast},
    NamedValue{"unicast", unicast},
    NamedValue{"instance", instance_request},
    NamedValue{"response", response},
    NamedValue{"ping", ping},
    NamedValue{"dac", dac_request},
};

constexpr std::array kFields{
    message_field("ssrp.type", kType, Side::client, number<&SsrpMessage::type>, kTypes),
    message_field("ssrp.type", kType, Side::server, number<&SsrpMessage::type>, kTypes),
    message_field("ssrp.instance_length", kInstanceLength, Side::client,
                  number<&SsrpMessage::instance_length>),
    message_field("ssrp.instance_length", kInstanceLength, Side::server,
                  number<&SsrpMessage::instance_length>),
    message_field("ssrp.response_size", kResponseSize, Side::client, number<&SsrpMessage::stated_size>),
    message_field("ssrp.response_size", kResponseSize, Side::server, number<&SsrpMessage::stated_size>),
    message_field("ssrp.dac_port", kDacPort, Side::client, number<&SsrpMessage::dac_port>),
    message_field("ssrp.dac_port", kDacPort, Side::server, number<&SsrpMessage::dac_port>),
};

constexpr std::uint16_t kPort = 1434;

/// Requests have no mark but the port, which is always the same. On it everything is taken for a message, so
/// that no datagram before it hides one.
Guess probe(const StreamChunk& first, const Approach& approach) noexcept {
  if (first.window.empty()) return Guess::maybe;
  if (approach.server_port == kPort) return Guess::yes;
  if (is_port_of_another(approach, {kPort})) return Guess::no;
  return is_instance_list(first.window) ? Guess::yes : Guess::no;
}

}  // namespace

const Protocol& describe() {
  static constexpr Protocol protocol{.name = "ssrp",
                                     .help = "SQL Server resolution: which instances a server has, and where",
                                     .transports = kOverUdp,
                                     .probe = probe,
                                     .make_parser = make_datagram_parser<SsrpMessage>,
                                     .buffers = kBuffers,
                                     .fields = kFields,
                                     .anomalies = kAnomalies};
  return protocol;
}

}  // namespace bansoko::proto::ssrp
