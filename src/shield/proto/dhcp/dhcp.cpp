// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "shield/proto/datagram_parser.h"
#include "shield/proto/dhcp/message.h"
#include "shield/proto/settled_ports.h"

namespace bansoko::proto::dhcp {
namespace {

template <auto part>
std::optional<std::uint64_t> number(const Transaction& transaction) noexcept {
  return static_cast<const DhcpMessage&>(transaction).*part;
}

constexpr std::string_view kLease = "seconds for which an address is lent";
constexpr std::string_view kRenewal = "seconds until its server is asked again";
constexpr std::string_view kRebinding = "seconds until any server is asked";

constexpr std::array kFields{
    message_field("dhcp.leasetime", kLease, Side::client, number<&DhcpMessage::lease_time>),
    message_field("dhcp.leasetime", kLease, Side::server, number<&DhcpMessage::lease_time>),
    message_field("dhcp.renewal_time", kRenewal, Side::client, number<&DhcpMessage::renewal_time>),
    message_field("dhcp.renewal_time", kRenewal, Side::server, number<&DhcpMessage::renewal_time>),
    message_field("dhcp.rebinding_time", kRebinding, Side::client, number<&DhcpMessage::rebinding_time>),
    message_field("dhcp.rebinding_time", kRebinding, Side::server, number<&DhcpMessage::rebinding_time>),
};

Guess probe(const StreamChunk& first, const Approach& approach) noexcept {
  if (first.window.empty()) return Guess::maybe;
  if (is_port_of_another(approach, {67, 68})) return Guess::no;
  DhcpMessage message;
  constexpr std::uint32_t kNone = 1U << malformed_data;
  const bool is_message = (message.read(first.window) & kNone) == 0;
  return unless_own_port(is_message ? Guess::yes : Guess::no, approach, {67, 68});
}

}  // namespace

const Protocol& describe() {
  static constexpr Protocol protocol{.name = "dhcp",
                                     .help = "the Dynamic Host Configuration Protocol of IPv4",
                                     .transports = kOverUdp,
                                     .probe = probe,
                                     .make_parser = make_datagram_parser<DhcpMessage>,
                                     .fields = kFields,
                                     .anomalies = kAnomalies};
  return protocol;
}

}  // namespace bansoko::proto::dhcp
