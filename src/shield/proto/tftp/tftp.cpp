// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "shield/proto/datagram_parser.h"
#include "shield/proto/settled_ports.h"
#include "shield/proto/tftp/message.h"

namespace bansoko::proto::tftp {
namespace {

constexpr std::array<std::string_view, 1> kAnomalies{"tftp.malformed_data"};

constexpr std::uint16_t kPort = 69;

/// A flow begins with a request; its file and mode are the mark. The server answers from another port. On its
/// own port it need be no more than a packet.
Guess probe(const StreamChunk& first, const Approach& approach) noexcept {
  if (first.window.empty()) return Guess::maybe;
  if (is_port_of_another(approach, {kPort})) return Guess::no;
  if (approach.server_port == kPort) return is_packet(first.window) ? Guess::yes : Guess::maybe;
  return is_request(first.window) ? Guess::yes : Guess::no;
}

}  // namespace

const Protocol& describe() {
  static constexpr Protocol protocol{.name = "tftp",
                                     .help = "the Trivial File Transfer Protocol: its requests",
                                     .transports = kOverUdp,
                                     .probe = probe,
                                     .make_parser = make_datagram_parser<TftpMessage>,
                                     .anomalies = kAnomalies};
  return protocol;
}

}  // namespace bansoko::proto::tftp
